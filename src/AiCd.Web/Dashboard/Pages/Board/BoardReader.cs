using AiCd.Actors.Jobs;
using AiCd.Actors.Projections;
using AiCd.Web.Dashboard.Filters;
using AiCd.Web.Jobs;
using AiCd.Web.Operations;
using AiCd.Web.Tenants;

namespace AiCd.Web.Dashboard.Pages.Board;

/// <summary>Reads what the board shows: columns first, because they are what people wait for, and figures apart.</summary>
internal sealed class BoardReader(TenantScope scope, TenantStats stats, FiguresOfTenants figures, TimeProvider time)
{
    public const int CardsPerColumn = 30;

    /// <summary>Of a filtered view: to know of more exactly how many they are is not worth the wait.</summary>
    private const int MostCounted = 10_000;

    private const int MostDrawn = 1_000;

    private static readonly TimeSpan Window = TimeSpan.FromHours(24);

    public async Task<IReadOnlyList<BoardColumn>> ColumnsAsync(ViewFilter view, CancellationToken cancellationToken)
    {
        var filter = view.ToFilter() with { States = null };
        var counts = view with { States = [] } is { IsEmpty: true } ? (await scope.StatsAsync(time.GetUtcNow(), cancellationToken)).ByState : null;
        return await Task.WhenAll(Enum.GetValues<JobState>().Select(async state =>
        {
            var ofState = filter with { States = [state] };
            var sort = state.IsTerminal() ? JobSort.LastEnded : JobSort.Oldest;
            var jobs = await scope.ListAsync(new JobListQuery(ofState, sort, null, CardsPerColumn), cancellationToken);
            var count = counts?.GetValueOrDefault(state) ?? (jobs.Count < CardsPerColumn ? jobs.Count : await scope.CountAsync(ofState, MostCounted, cancellationToken));
            return new BoardColumn(state, count, counts is null && count >= MostCounted, [.. jobs.Select(JobMapping.Summary)]);
        }));
    }

    public Task<BoardFigures> FiguresAsync(CancellationToken cancellationToken) => figures.ReadAsync(scope.Tenant, MakeFiguresAsync).WaitAsync(cancellationToken);

    private async Task<BoardFigures> MakeFiguresAsync()
    {
        var now = time.GetUtcNow();
        var figures = await stats.ReadAsync(Window, CancellationToken.None);
        var today = await scope.CostAsync(new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero), CancellationToken.None);
        var ended = await scope.ListAsync(new JobListQuery(JobFilter.All, JobSort.LastEnded, null, MostDrawn), CancellationToken.None);
        return new BoardFigures(figures, Money.Of(today), Throughput.Of(ended, now, Window, ended.Count == MostDrawn));
    }
}

/// <param name="IsMore">True where there are more than were counted.</param>
internal sealed record BoardColumn(JobState State, long Count, bool IsMore, IReadOnlyList<JobSummary> Jobs);

/// <param name="CostToday">Of the jobs that ended today.</param>
internal sealed record BoardFigures(StatsResponse Stats, decimal CostToday, Throughput Throughput);
