namespace AiCd.Web.Store;

/// <summary>Carries the web's store from being opened, which takes time and may fail, into the container, which owns it from then on.</summary>
internal sealed class OpenedWebStore
{
    private IWebStore? _store;

    public IWebStore Store
    {
        get => _store ?? throw new InvalidOperationException("The web's store was not opened yet");
        set => _store = value;
    }
}
