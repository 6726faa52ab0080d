using System.Diagnostics;
using AiCd.Actors.Jobs;
using AiCd.Actors.Journal;
using AiCd.Actors.Runtime;

namespace AiCd.Benchmarks.Measures;

/// <summary>N jobs through all six states, on a node that has been at work for a while: another tenant's jobs go before them.</summary>
internal static class Throughput
{
    public static async Task<ThroughputResult> RunAsync(IStore store, int jobs, int warmUpJobs, int inFlight, CancellationToken cancellationToken)
    {
        await using var node = await Nodes.StartAsync(store, new ImmediateWork(), cancellationToken);
        await WarmUpAsync(node, warmUpJobs, cancellationToken);
        using var feed = node.Feed.Subscribe(null, capacity: 1_000_000);
        using var limit = new SemaphoreSlim(inFlight);
        var starts = new Dictionary<JobId, long>(jobs);
        var latencies = new List<double>(jobs);
        var events = 0L;
        var process = Process.GetCurrentProcess();
        var cpu = process.TotalProcessorTime;
        var clock = Stopwatch.StartNew();

        var submitting = Jobs.SubmitAsync(node.Gateway, jobs, 64, cancellationToken, limit);
        var completed = 0;
        while (completed < jobs)
        {
            var signal = await feed.Signals.ReadAsync(cancellationToken);
            if (signal is not JobRecorded recorded)
            {
                continue;
            }

            events++;
            if (recorded.Event is JobEvent.Submitted)
            {
                starts[recorded.Job] = Stopwatch.GetTimestamp();
            }
            else if (recorded.State.IsTerminal())
            {
                completed++;
                latencies.Add(Stopwatch.GetElapsedTime(starts[recorded.Job]).TotalMilliseconds);
                limit.Release();
            }
        }

        await submitting;
        var elapsed = clock.Elapsed;
        await node.ReadModelsCaughtUpAsync(cancellationToken);
        var projected = clock.Elapsed;
        process.Refresh();
        var counts = await store.Jobs.CountAsync("default", cancellationToken);
        latencies.Sort();
        return new ThroughputResult(
            jobs,
            warmUpJobs,
            jobs / elapsed.TotalSeconds,
            events / elapsed.TotalSeconds,
            (double)events / jobs,
            Percentiles.At(latencies, 0.50),
            Percentiles.At(latencies, 0.99),
            (process.TotalProcessorTime - cpu).TotalSeconds,
            process.PeakWorkingSet64 / 1024d / 1024d,
            (projected - elapsed).TotalMilliseconds,
            counts.ToDictionary(count => WireNames.Of(count.Key), count => count.Value));
    }

    private static async Task WarmUpAsync(EngineNode node, int jobs, CancellationToken cancellationToken)
    {
        using var feed = node.Feed.Subscribe(null, capacity: 1_000_000);
        var submitting = Jobs.SubmitAsync(node.Gateway, jobs, 64, cancellationToken, tenant: "warm-up");
        await feed.EndedAsync(jobs, cancellationToken);
        await submitting;
        await node.ReadModelsCaughtUpAsync(cancellationToken);
    }
}

internal sealed record ThroughputResult(
    int Jobs,
    int WarmUpJobs,
    double JobsPerSecond,
    double EventsPerSecond,
    double EventsPerJob,
    double P50Ms,
    double P99Ms,
    double CpuSeconds,
    double PeakMemoryMb,
    double ProjectionLagMs,
    IReadOnlyDictionary<string, long> States);
