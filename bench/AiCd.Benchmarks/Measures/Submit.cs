using System.Diagnostics;
using AiCd.Actors.Journal;

namespace AiCd.Benchmarks.Measures;

/// <summary>Durable submissions per second through the gateway; the pools are paused, so nothing else happens.</summary>
internal static class Submit
{
    public static async Task<SubmitResult> RunAsync(
        IStore store, int submissions, IReadOnlyList<int> concurrencies, CancellationToken cancellationToken)
    {
        await using var node = await Nodes.StartAsync(store, new ImmediateWork(), cancellationToken);
        node.Pools.Pause();
        await Jobs.SubmitAsync(node.Gateway, 2_000, 64, cancellationToken);
        var runs = new List<SubmitRun>();
        foreach (var concurrency in concurrencies)
        {
            var clock = Stopwatch.StartNew();
            await Jobs.SubmitAsync(node.Gateway, submissions, concurrency, cancellationToken);
            runs.Add(new SubmitRun(concurrency, submissions, submissions / clock.Elapsed.TotalSeconds));
        }

        return new SubmitResult(runs.Max(run => run.SubmissionsPerSecond), runs);
    }
}

/// <param name="SubmissionsPerSecond">Of the best run.</param>
internal sealed record SubmitResult(double SubmissionsPerSecond, IReadOnlyList<SubmitRun> Runs);

internal sealed record SubmitRun(int Concurrency, int Submissions, double SubmissionsPerSecond);
