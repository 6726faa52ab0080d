using Microsoft.Extensions.Logging;

namespace AiCd.Actors.Journal;

internal static partial class StoreLog
{
    [LoggerMessage(2000, LogLevel.Information, "Store {Store} is open: {ShardCount} shards")]
    public static partial void Opened(ILogger logger, string store, int shardCount);

    [LoggerMessage(2001, LogLevel.Information, "Migration {Module}/{Number} {Name} was applied to {Store}")]
    public static partial void Migrated(ILogger logger, string store, string module, int number, string name);
}
