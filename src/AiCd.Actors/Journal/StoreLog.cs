using Microsoft.Extensions.Logging;

namespace AiCd.Actors.Journal;

internal static partial class StoreLog
{
    [LoggerMessage(2000, LogLevel.Information, "Store {Store} is open: {ShardCount} shards")]
    public static partial void Opened(ILogger logger, string store, int shardCount);

    [LoggerMessage(2001, LogLevel.Information, "Migration {Module}/{Number} {Name} was applied to {Store}")]
    public static partial void Migrated(ILogger logger, string store, string module, int number, string name);

    [LoggerMessage(2002, LogLevel.Warning,
        "There is no role {Role} that this one may take: what people read is kept apart by tenant in the program alone, without row-level security beneath")]
    public static partial void NotIsolated(ILogger logger, string role);
}
