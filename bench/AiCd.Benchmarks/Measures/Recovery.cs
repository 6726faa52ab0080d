using System.Diagnostics;
using AiCd.Actors.Jobs;
using AiCd.Actors.Journal;

namespace AiCd.Benchmarks.Measures;

/// <summary>Time from the start of a node until all of N unfinished jobs are live again: here, in the queue of the reviewing pool.</summary>
internal static class Recovery
{
    public static async Task<RecoveryResult> RunAsync(IStore store, int jobs, CancellationToken cancellationToken)
    {
        var events = await PrepareAsync(store, jobs, cancellationToken);
        var options = BenchmarkJobs.WideOpen();
        var clock = Stopwatch.StartNew();
        await using var node = await Nodes.StartAsync(store, new ImmediateWork(stopBefore: Stage.Reviewing), cancellationToken, options);
        var elapsed = clock.Elapsed;
        var view = node.Pools[Stage.Reviewing].View();
        if (view.Waiting + view.Running != jobs)
        {
            throw new InvalidOperationException($"{view.Waiting + view.Running} of {jobs} jobs came back");
        }

        return new RecoveryResult(jobs, events, elapsed.TotalMilliseconds, jobs / elapsed.TotalSeconds, events / elapsed.TotalSeconds);
    }

    /// <summary>Brings the jobs to REVIEWING and leaves them there.</summary>
    private static async Task<long> PrepareAsync(IStore store, int jobs, CancellationToken cancellationToken)
    {
        await using var node = await Nodes.StartAsync(store, new ImmediateWork(), cancellationToken);
        node.Pools[Stage.Reviewing].Pause();
        using var feed = node.Feed.Subscribe(null, 10_000_000);
        var submitting = Jobs.SubmitAsync(node.Gateway, jobs, 64, cancellationToken);
        var events = 0L;
        for (var reviewing = 0; reviewing < jobs;)
        {
            if (await feed.Signals.ReadAsync(cancellationToken) is AiCd.Actors.Runtime.JobRecorded recorded)
            {
                events++;
                reviewing += recorded.Event is JobEvent.CodeSucceeded ? 1 : 0;
            }
        }

        await submitting;
        return events;
    }
}

internal sealed record RecoveryResult(int Jobs, long Events, double ElapsedMs, double JobsPerSecond, double EventsPerSecond);
