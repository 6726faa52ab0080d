using System.Diagnostics;
using AiCd.Actors.Journal;

namespace AiCd.Benchmarks.Measures;

/// <summary>Durable submissions per second through the gateway; the pools are paused, so nothing else happens.</summary>
internal static class Submit
{
    public static async Task<IReadOnlyList<SubmitResult>> RunAsync(
        IStore store, int submissions, IReadOnlyList<int> concurrencies, CancellationToken cancellationToken)
    {
        await using var node = await Nodes.StartAsync(store, new ImmediateWork(), cancellationToken);
        node.Pools.Pause();
        await Jobs.SubmitAsync(node.Gateway, 2_000, 64, cancellationToken);
        var results = new List<SubmitResult>();
        foreach (var concurrency in concurrencies)
        {
            var clock = Stopwatch.StartNew();
            await Jobs.SubmitAsync(node.Gateway, submissions, concurrency, cancellationToken);
            results.Add(new SubmitResult(concurrency, submissions, submissions / clock.Elapsed.TotalSeconds));
        }

        return results;
    }
}

internal sealed record SubmitResult(int Concurrency, int Submissions, double SubmissionsPerSecond);
