using System.Diagnostics;
using AiCd.Actors.Journal;

namespace AiCd.Benchmarks.Measures;

/// <summary>One job at a time on an idle node: from the submission until the job has ended.</summary>
internal static class Latency
{
    private const int WarmUp = 200;

    public static async Task<LatencyResult> RunAsync(IStore store, int jobs, CancellationToken cancellationToken)
    {
        await using var node = await Nodes.StartAsync(store, new ImmediateWork(), cancellationToken);
        using var feed = node.Feed.Subscribe(null);
        var latencies = new List<double>(jobs);
        for (var i = -WarmUp; i < jobs; i++)
        {
            var started = Stopwatch.GetTimestamp();
            await node.Gateway.SubmitAsync(BenchmarkJobs.Job(i), cancellationToken);
            await feed.EndedAsync(1, cancellationToken);
            if (i >= 0)
            {
                latencies.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            }
        }

        latencies.Sort();
        return new LatencyResult(jobs, Percentiles.At(latencies, 0.5), Percentiles.At(latencies, 0.99));
    }
}

internal sealed record LatencyResult(int Jobs, double P50Ms, double P99Ms);
