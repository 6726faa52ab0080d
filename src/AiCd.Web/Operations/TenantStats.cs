using AiCd.Actors.Jobs;
using AiCd.Actors.Projections;
using AiCd.Actors.Runtime.Pools;
using AiCd.Web.Engine;
using AiCd.Web.Jobs;
using AiCd.Web.Tenants;

namespace AiCd.Web.Operations;

/// <summary>The figures of a tenant, of its own jobs alone.</summary>
public sealed class TenantStats(TenantScope scope, IEngine engine, TimeProvider time)
{
    private const int MaxLookedAt = 500;

    private static readonly JobFilter Unfinished = new(States: [JobState.Queued, JobState.Planning, JobState.Coding, JobState.Reviewing, JobState.PrOpen]);

    public async Task<StatsResponse> ReadAsync(TimeSpan window, CancellationToken cancellationToken)
    {
        var since = DateTimeOffset.FromUnixTimeMilliseconds((time.GetUtcNow() - window).ToUnixTimeMilliseconds());
        var stats = await scope.StatsAsync(since, cancellationToken);
        var ended = stats.Ended.Values.Sum();
        return new StatsResponse(
            ByName(stats.ByState),
            await WaitingAsync(stats, cancellationToken),
            since,
            stats.Submitted,
            ByName(stats.Ended),
            ended / window.TotalHours,
            [.. stats.Durations.Select(duration => new StageFigures(duration.Stage, duration.Jobs, duration.P50, duration.P95))],
            Money.Of(stats.CostMicros));
    }

    /// <summary>What waits for people is in the read model; what waits for a place is known to the pools of the node that drives the job.</summary>
    private async Task<Dictionary<string, long>> WaitingAsync(JobStats stats, CancellationToken cancellationToken)
    {
        var waiting = new Dictionary<string, long>(stats.ByHold);
        if (stats.ByState.Where(count => !count.Key.IsTerminal()).Sum(count => count.Value) == 0)
        {
            return waiting;
        }

        foreach (var job in await scope.ListAsync(new JobListQuery(Unfinished, JobSort.Oldest, null, MaxLookedAt), cancellationToken))
        {
            if (job.Hold is null && engine.ExplainPlace(job.Id) is WaitingReason { Code: var code })
            {
                waiting[code] = waiting.GetValueOrDefault(code) + 1;
            }
        }

        return waiting;
    }

    private static Dictionary<string, long> ByName(IReadOnlyDictionary<JobState, long> counts) =>
        Enum.GetValues<JobState>().ToDictionary(WireNames.Of, state => counts.GetValueOrDefault(state));
}
