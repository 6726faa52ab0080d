using AiCd.Web.Dashboard.Session;
using Microsoft.AspNetCore.Components;

namespace AiCd.Web.Dashboard.Pages.OneJob;

/// <summary>A part of the page that reads contents of the job when there may be new ones.</summary>
public abstract class FileTab : ComponentBase, IDisposable
{
    private readonly CancellationTokenSource _gone = new();
    private int _read = -1;

    [Inject]
    internal Desk Desk { get; set; } = null!;

    [Parameter, EditorRequired]
    public JobFile File { get; set; } = null!;

    [Parameter]
    public int Revision { get; set; }

    protected bool IsRead { get; private set; }

    protected string? Problem { get; private set; }

    protected abstract Task ReadAsync(CancellationToken cancellationToken);

    protected override async Task OnParametersSetAsync()
    {
        if (_read == Revision)
        {
            return;
        }

        _read = Revision;
        try
        {
            await ReadAsync(_gone.Token);
            (IsRead, Problem) = (true, null);
        }
        catch (OperationCanceledException) when (_gone.IsCancellationRequested)
        {
            // The reader went elsewhere.
        }
        catch (Exception error)
        {
            Problem = Desk.Explain(error);
        }
    }

    public void Dispose()
    {
        _gone.Cancel();
        _gone.Dispose();
        GC.SuppressFinalize(this);
    }
}
