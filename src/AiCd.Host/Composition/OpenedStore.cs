using AiCd.Actors.Journal;

namespace AiCd.Host.Composition;

/// <summary>
/// Carries the store from being opened, which takes time and may fail in ways that people should hear of, into the container, which
/// owns it from then on.
/// </summary>
internal sealed class OpenedStore
{
    private IStore? _store;

    public IStore Store
    {
        get => _store ?? throw new InvalidOperationException("The store was not opened yet");
        set => _store = value;
    }
}
