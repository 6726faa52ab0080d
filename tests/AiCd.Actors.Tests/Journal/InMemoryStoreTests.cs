using AiCd.Actors.Journal;
using AiCd.Actors.Journal.InMemory;

namespace AiCd.Actors.Tests.Journal;

public sealed class InMemoryStoreTests : EmbeddedStoreConformance
{
    protected override Task<IStore> OpenAsync() => Task.FromResult<IStore>(new InMemoryStore());

    protected override ValueTask DeleteAsync() => ValueTask.CompletedTask;

    // Its data live as long as it does.
    protected override Task ReopenAsync() => Task.CompletedTask;
}
