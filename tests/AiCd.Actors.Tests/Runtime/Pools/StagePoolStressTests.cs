using System.Collections.Concurrent;
using AiCd.Actors.Jobs;
using AiCd.Actors.Runtime;
using AiCd.Actors.Runtime.Pools;
using AiCd.Actors.Tests.Runtime.Support;

namespace AiCd.Actors.Tests.Runtime.Pools;

public sealed class StagePoolStressTests
{
    private const int Concurrency = 3;
    private const int Threads = 4;
    private const int JobsPerThread = 250;

    private readonly ConcurrentDictionary<JobId, int> _granted = new();
    private readonly TaskCompletionSource _all = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _running;
    private int _most;

    [Fact]
    public async Task Under_many_threads_every_job_starts_once_and_the_bound_holds()
    {
        using var circuits = new ProviderCircuits(TimeProvider.System);
        using var pool = new StagePool(
            Stage.Planning, new StageOptions { Concurrency = Concurrency, StartsPerSecond = 1_000_000 }, circuits, TimeProvider.System, Grant);

        await Task.WhenAll(Enumerable.Range(0, Threads).Select(thread => Task.Run(() => Enqueue(pool, thread), TestContext.Current.CancellationToken)));
        await _all.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

        _most.ShouldBeLessThanOrEqualTo(Concurrency);
        _granted.Values.ShouldAllBe(times => times == 1);
    }

    private static void Enqueue(StagePool pool, int thread)
    {
        for (var i = 0; i < JobsPerThread; i++)
        {
            pool.Enqueue(Waiting.Job((thread * JobsPerThread) + i, tenant: $"tenant-{thread}", priority: i % 3));
        }
    }

    private void Grant(JobId job, StageSlot slot)
    {
        var running = Interlocked.Increment(ref _running);
        InterlockedMax(running);
        _granted.AddOrUpdate(job, 1, (_, times) => times + 1);
        ThreadPool.QueueUserWorkItem(_ =>
        {
            Interlocked.Decrement(ref _running);
            slot.Dispose();
            if (_granted.Count == Threads * JobsPerThread)
            {
                _all.TrySetResult();
            }
        });
    }

    private void InterlockedMax(int running)
    {
        for (var most = Volatile.Read(ref _most); running > most; most = Volatile.Read(ref _most))
        {
            Interlocked.CompareExchange(ref _most, running, most);
        }
    }
}
