using AiCd.Web.Access;
using AiCd.Web.Dashboard.Session;
using Microsoft.AspNetCore.Components;

namespace AiCd.Web.Dashboard.Live;

/// <summary>
/// A page that reads again when what it shows has changed: never twice at once, and no more often than it takes to read, so that no
/// burst of changes can keep it from answering its reader.
/// </summary>
public abstract class LivePage : ComponentBase, IAsyncDisposable
{
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(300);

    private readonly CancellationTokenSource _gone = new();
    private readonly SemaphoreSlim _gate = new(1, 1);
    private bool _dirty;
    private bool _reading;

    [Inject]
    internal Desk Desk { get; set; } = null!;

    [Inject]
    internal TimeProvider Time { get; set; } = null!;

    protected bool IsLoaded { get; private set; }

    /// <summary>Why the page could not be read; null where it could.</summary>
    protected string? LoadError { get; private set; }

    protected CancellationToken Gone => _gone.Token;

    protected virtual Scopes Needed => Scopes.Read;

    protected abstract Task ReadAsync(CancellationToken cancellationToken);

    /// <summary>Something has changed; from any thread.</summary>
    protected void Invalidate() => _ = InvokeAsync(async () =>
    {
        _dirty = true;
        if (_reading)
        {
            return;
        }

        _reading = true;
        try
        {
            while (_dirty && !_gone.IsCancellationRequested)
            {
                var began = Time.GetTimestamp();
                await ReloadAsync();
                var pause = 2 * Time.GetElapsedTime(began);
                await Task.Delay(pause > ShortestPause ? pause : ShortestPause, Time, _gone.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            }
        }
        finally
        {
            _reading = false;
        }
    });

    /// <summary>Reads now, because the reader asked for it; after a reading that is under way.</summary>
    protected async Task ReloadAsync()
    {
        try
        {
            await _gate.WaitAsync(_gone.Token);
            try
            {
                _dirty = false;
                await Desk.CheckAsync(Needed, _gone.Token);
                await ReadAsync(_gone.Token);
            }
            finally
            {
                _gate.Release();
            }

            LoadError = null;
            IsLoaded = true;
        }
        catch (OperationCanceledException) when (_gone.IsCancellationRequested)
        {
            return;
        }
        catch (Exception error)
        {
            LoadError = Desk.Explain(error);
        }

        StateHasChanged();
    }

    protected virtual ValueTask LeaveAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _gone.CancelAsync();
        await LeaveAsync();
        await _gate.WaitAsync();
        _gate.Dispose();
        _gone.Dispose();
        GC.SuppressFinalize(this);
    }
}
