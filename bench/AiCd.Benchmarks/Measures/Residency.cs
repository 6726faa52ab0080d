using AiCd.Actors.Journal;

namespace AiCd.Benchmarks.Measures;

/// <summary>Memory of the process with N jobs waiting and, apart from that, with N finished.</summary>
internal static class Residency
{
    public static async Task<ResidencyResult> WaitingAsync(IStore store, int jobs, CancellationToken cancellationToken)
    {
        await using var node = await Nodes.StartAsync(store, new ImmediateWork(), cancellationToken);
        node.Pools.Pause();
        var before = Measure();
        await Jobs.SubmitAsync(node.Gateway, jobs, 64, cancellationToken);
        await node.ReadModelsCaughtUpAsync(cancellationToken);
        return Result("waiting", jobs, before, node.LiveActors);
    }

    public static async Task<ResidencyResult> FinishedAsync(IStore store, int jobs, CancellationToken cancellationToken)
    {
        await using var node = await Nodes.StartAsync(store, new ImmediateWork(), cancellationToken);
        using var feed = node.Feed.Subscribe(null, 10_000_000);
        var before = Measure();
        var submitting = Jobs.SubmitAsync(node.Gateway, jobs, 64, cancellationToken);
        await feed.EndedAsync(jobs, cancellationToken);
        await submitting;
        await node.ReadModelsCaughtUpAsync(cancellationToken);
        return Result("finished", jobs, before, node.LiveActors);
    }

    private static ResidencyResult Result(string kind, int jobs, (double Managed, double Resident) before, int liveActors)
    {
        var after = Measure();
        return new ResidencyResult(
            kind, jobs, liveActors, before.Managed, after.Managed, (after.Managed - before.Managed) * 1024 * 1024 / jobs, after.Resident);
    }

    private static (double Managed, double Resident) Measure()
    {
        GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        GC.WaitForPendingFinalizers();
        GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        return (GC.GetTotalMemory(forceFullCollection: true) / 1024d / 1024d, Environment.WorkingSet / 1024d / 1024d);
    }
}

/// <param name="ResidentMb">Working set of the whole process after a full collection.</param>
internal sealed record ResidencyResult(
    string Kind, int Jobs, int LiveActors, double ManagedMbBefore, double ManagedMbAfter, double BytesPerJob, double ResidentMb);
