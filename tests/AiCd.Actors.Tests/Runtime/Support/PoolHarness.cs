using AiCd.Actors.Jobs;
using AiCd.Actors.Runtime;
using AiCd.Actors.Runtime.Pools;
using AiCd.Testing;

namespace AiCd.Actors.Tests.Runtime.Support;

/// <summary>A pool whose grants the test holds in its hands.</summary>
internal sealed class PoolHarness : IDisposable
{
    private readonly List<(JobId Job, StageSlot Slot)> _grants = [];

    public PoolHarness(int concurrency = 5, double startsPerSecond = 1_000_000, TimeProvider? time = null)
    {
        time ??= Time;
        Circuits = new ProviderCircuits(time);
        Pool = new StagePool(
            Stage.Coding,
            new StageOptions { Concurrency = concurrency, StartsPerSecond = startsPerSecond },
            Circuits,
            time,
            (job, slot) =>
            {
                _grants.Add((job, slot));
                OnGrant?.Invoke(slot);
            });
    }

    public ManualTimeProvider Time { get; } = new();

    public ProviderCircuits Circuits { get; }

    public StagePool Pool { get; }

    public Action<StageSlot>? OnGrant { get; set; }

    /// <summary>The jobs that got a place, in order.</summary>
    public IReadOnlyList<JobId> Granted => [.. _grants.Select(grant => grant.Job)];

    public IReadOnlyList<StageSlot> Slots => [.. _grants.Select(grant => grant.Slot)];

    public void Enqueue(params IEnumerable<WaitingJob> jobs)
    {
        foreach (var job in jobs)
        {
            Pool.Enqueue(job);
        }
    }

    /// <summary>The work of the n-th grant has ended.</summary>
    public void End(int grant) => _grants[grant].Slot.Dispose();

    public void Dispose()
    {
        Pool.Dispose();
        Circuits.Dispose();
    }
}
