using AiCd.Actors.Journal;
using AiCd.Actors.Journal.Sqlite;

namespace AiCd.Host.Composition;

/// <summary>
/// Carries the store from being opened, which takes time and may fail in ways that people should hear of, into the container, which
/// owns it from then on.
/// </summary>
internal sealed class OpenedStore : IDisposable
{
    private IStore? _store;

    public IStore Store
    {
        get => _store ?? throw new InvalidOperationException("The store was not opened yet");
        set => _store = value;
    }

    /// <summary>On a data folder whose store lies elsewhere: worktrees and mirrors in it have one process that works with them.</summary>
    public FolderLock? Folder { get; set; }

    public void Dispose() => Folder?.Dispose();
}
