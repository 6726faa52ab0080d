using AiCd.Actors.Jobs;
using AiCd.Actors.Runtime;

namespace AiCd.Benchmarks;

internal static class Jobs
{
    /// <summary>Submits so many jobs, so many at a time.</summary>
    public static async Task SubmitAsync(
        IJobGateway gateway, int jobs, int concurrency, CancellationToken cancellationToken, SemaphoreSlim? limit = null, string tenant = "default")
    {
        var next = 0;
        await Task.WhenAll(Enumerable.Range(0, concurrency).Select(_ => Task.Run(
            async () =>
            {
                while (Interlocked.Increment(ref next) is var number && number <= jobs)
                {
                    if (limit is not null)
                    {
                        await limit.WaitAsync(cancellationToken);
                    }

                    await gateway.SubmitAsync(BenchmarkJobs.Job(number) with { Tenant = tenant }, cancellationToken);
                }
            },
            cancellationToken)));
    }

    /// <summary>Completes when so many jobs have ended.</summary>
    public static async Task EndedAsync(this JobSubscription feed, int jobs, CancellationToken cancellationToken)
    {
        for (var ended = 0; ended < jobs;)
        {
            ended += await feed.Signals.ReadAsync(cancellationToken) is JobRecorded { State: var state } recorded
                && state.IsTerminal() && recorded.Event.Transition is not null ? 1 : 0;
        }
    }
}
