using AiCd.Actors.Jobs;
using AiCd.Actors.Projections;
using AiCd.Web.Dashboard.Filters;
using AiCd.Web.Jobs;
using AiCd.Web.Operations;
using AiCd.Web.Tenants;

namespace AiCd.Web.Dashboard.Pages.Board;

/// <summary>Reads what the board shows: columns first, because they are what people wait for, and figures apart.</summary>
internal sealed class BoardReader(TenantScope scope, TenantStats stats, TimeProvider time)
{
    public const int CardsPerColumn = 30;

    private const int MostCounted = 100_000;
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
            return new BoardColumn(state, count, [.. jobs.Select(JobMapping.Summary)]);
        }));
    }

    public async Task<BoardFigures> FiguresAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var figures = await stats.ReadAsync(Window, cancellationToken);
        var today = await scope.StatsAsync(new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero), cancellationToken);
        var ended = await scope.ListAsync(new JobListQuery(JobFilter.All, JobSort.LastEnded, null, MostDrawn), cancellationToken);
        return new BoardFigures(figures, Money.Of(today.CostMicros), Throughput.Of(ended, now, Window, ended.Count == MostDrawn));
    }
}

internal sealed record BoardColumn(JobState State, long Count, IReadOnlyList<JobSummary> Jobs);

/// <param name="CostToday">Of the jobs that ended today.</param>
internal sealed record BoardFigures(StatsResponse Stats, decimal CostToday, Throughput Throughput);
