using AiCd.Actors.Journal;
using AiCd.Actors.Journal.Sqlite;
using AiCd.Testing;

namespace AiCd.Actors.Tests.Journal;

public sealed class SqliteStoreTests : EmbeddedStoreConformance
{
    private readonly TemporaryFolder _folder = new();

    protected override async Task<IStore> OpenAsync() => await SqliteStore.OpenAsync(_folder.Location, cancellationToken: Token);

    protected override ValueTask DeleteAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }
}
