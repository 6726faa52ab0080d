using AiCd.Web.Dashboard.Filters;
using AiCd.Web.Jobs;

namespace AiCd.Web.Dashboard.Pages.Listing;

/// <summary>The rows of a view that were read so far, page after page.</summary>
internal sealed class ListRows(JobList list, ViewFilter view) : IDisposable
{
    public const int PageSize = 100;

    // Beyond these a row shows what it was when it was read, until the view is opened anew.
    private const int MostRefreshed = 200;

    private readonly SemaphoreSlim _gate = new(1, 1);
    private List<JobSummary> _jobs = [];
    private string? _next;
    private bool _began;

    public ViewFilter View { get; } = view;

    public IReadOnlyList<JobSummary> Jobs => _jobs;

    public bool HasMore => _next is not null;

    /// <summary>Reads until there are so many rows, or no more.</summary>
    public async Task EnsureAsync(int count, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            while (_jobs.Count < count && (_next is not null || !_began))
            {
                var page = await PageAsync(_next, PageSize, cancellationToken);
                _jobs = [.. _jobs, .. page.Items];
                (_next, _began) = (page.Next, true);
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Reads the first rows again: new ones come in front of those that were read before, and these keep their order.</summary>
    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            var page = await PageAsync(null, Math.Clamp(_jobs.Count, PageSize, MostRefreshed), cancellationToken);
            var fresh = page.Items.Select(job => job.Id).ToHashSet();
            var last = _jobs.FindLastIndex(job => fresh.Contains(job.Id));
            if (!_began || page.Next is null || last < 0)
            {
                (_jobs, _next) = ([.. page.Items], page.Next);
            }
            else
            {
                _jobs = [.. page.Items, .. _jobs[(last + 1)..]];
                _next = last + 1 == _jobs.Count ? page.Next : _next;
            }

            _began = true;
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose() => _gate.Dispose();

    private Task<JobPage> PageAsync(string? cursor, int limit, CancellationToken cancellationToken) =>
        list.PageAsync(View.ToFilter(), View.Sort, cursor, limit, cancellationToken);
}
