using System.Diagnostics;
using AiCd.Actors.Jobs;
using AiCd.Actors.Runtime;

namespace AiCd.Benchmarks.Measures.Streaming;

/// <summary>So many events a second, each by a command of its own, going around among the jobs.</summary>
internal static class SteadyLoad
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(10);

    /// <returns>How many events were recorded.</returns>
    public static async Task<int> RunAsync(IJobGateway gateway, IReadOnlyList<JobId> jobs, int perSecond, TimeSpan duration, CancellationToken cancellationToken)
    {
        var sending = new List<Task>();
        var clock = Stopwatch.StartNew();
        using var timer = new PeriodicTimer(Step);
        for (var sent = 0; clock.Elapsed < duration && await timer.WaitForNextTickAsync(cancellationToken);)
        {
            for (var due = (int)(clock.Elapsed.TotalSeconds * perSecond); sent < due; sent++)
            {
                sending.Add(SendAsync(gateway, jobs[sent % jobs.Count], 1 + (sent / jobs.Count % 90), cancellationToken));
            }
        }

        await Task.WhenAll(sending);
        return sending.Count;
    }

    private static async Task SendAsync(IJobGateway gateway, JobId job, int priority, CancellationToken cancellationToken)
    {
        // As coarse as the journal keeps it.
        var at = DateTimeOffset.FromUnixTimeMilliseconds(TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds());
        var result = await gateway.SendAsync(job, new JobCommand.ChangePriority(priority, "benchmark") { At = at }, cancellationToken: cancellationToken);
        if (result is not CommandResult.Applied)
        {
            throw new InvalidOperationException($"The priority {priority} of job {job}: {result}");
        }
    }
}
