using AiCd.Actors.Jobs;
using AiCd.Actors.Journal;
using AiCd.Actors.Journal.InMemory;
using AiCd.Actors.Runtime;
using AiCd.Actors.Runtime.Cluster;
using AiCd.Actors.Runtime.Pools;
using AiCd.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace AiCd.Actors.Tests.Runtime.Cluster;

public sealed class PoolSettingsKeeperTests
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(3);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_look_that_read_before_a_change_does_not_undo_it_afterwards()
    {
        var time = new ManualTimeProvider();
        var settings = new SlowSettings { Stored = Paused(true) };
        await using var store = new InMemoryStore();
        await using var signals = new NodeSignals(store.Inbox, time, NullLogger.Instance);
        using var circuits = new ProviderCircuits(time);
        using var pools = new StagePools(new StagesOptions(), circuits, time, (_, slot) => slot.Dispose());
        var keeper = new PoolSettingsKeeper(settings, pools, signals, time, NullLogger.Instance);
        await keeper.StartAsync(Every, Token);
        pools[Stage.Coding].View().Paused.ShouldBeTrue();

        settings.Stored = Paused(true) with { Concurrency = 7 };
        var look = settings.HoldNextRead();
        await time.WaitForTimerAsync(Every, Token);
        time.Advance(Every);
        await look.Begun.WaitAsync(Eventually.Patience, Token);
        settings.HoldAllAfter(reads: 1);
        var change = keeper.ChangeAsync(Paused(false), Token);
        look.Release();
        await change.WaitAsync(Eventually.Patience, Token);
        await keeper.DisposeAsync();

        pools[Stage.Coding].View().Paused.ShouldBeFalse();
    }

    private static PoolSetting Paused(bool paused) => new(Stage.Coding, 5, 10, paused);

    /// <summary>Reads tell what was stored when they began, and some of them tell it late.</summary>
    private sealed class SlowSettings : IPoolSettings
    {
        private readonly Lock _lock = new();
        private HeldRead? _next;
        private int _left = int.MaxValue;

        public required PoolSetting Stored { get; set; }

        public HeldRead HoldNextRead() => _next = new HeldRead();

        /// <summary>So many reads more are answered; those that follow last until they are cancelled.</summary>
        public void HoldAllAfter(int reads)
        {
            lock (_lock)
            {
                _left = reads;
            }
        }

        public async Task<IReadOnlyList<PoolSetting>> ReadAsync(CancellationToken cancellationToken)
        {
            IReadOnlyList<PoolSetting> seen = [Stored];
            if (Interlocked.Exchange(ref _next, null) is { } held)
            {
                await held.PassAsync();
                return seen;
            }

            bool answered;
            lock (_lock)
            {
                answered = _left-- > 0;
            }

            if (!answered)
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
            }

            return seen;
        }

        public Task WriteAsync(PoolSetting setting, CancellationToken cancellationToken)
        {
            Stored = setting;
            return Task.CompletedTask;
        }
    }

    private sealed class HeldRead
    {
        private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Begun => _begun.Task;

        public void Release() => _released.SetResult();

        public Task PassAsync()
        {
            _begun.SetResult();
            return _released.Task;
        }
    }
}
