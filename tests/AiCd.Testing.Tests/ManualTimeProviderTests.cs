namespace AiCd.Testing.Tests;

public sealed class ManualTimeProviderTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly ManualTimeProvider _time = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public void Timers_fire_in_the_order_of_their_due_times_and_at_them()
    {
        var start = _time.GetUtcNow();
        var fired = new List<(string Name, TimeSpan At)>();
        void Arm(string name, int seconds) =>
            _time.CreateTimer(_ => fired.Add((name, _time.GetUtcNow() - start)), null, seconds * Second, Timeout.InfiniteTimeSpan);
        Arm("later", 3);
        Arm("sooner", 1);
        Arm("later too", 3);
        Arm("never reached", 5);

        _time.Advance(4 * Second);

        fired.ShouldBe([("sooner", Second), ("later", 3 * Second), ("later too", 3 * Second)]);
        (_time.GetUtcNow() - start).ShouldBe(4 * Second);
        _time.ArmedTimers.ShouldBe(1);
    }

    [Fact]
    public void A_periodic_timer_fires_once_per_period_until_it_is_disposed()
    {
        var fired = 0;
        var timer = _time.CreateTimer(_ => fired++, null, Second, 2 * Second);

        _time.Advance(6 * Second);
        fired.ShouldBe(3);

        timer.Dispose();
        _time.Advance(6 * Second);
        fired.ShouldBe(3);
        timer.Change(Second, Second).ShouldBeFalse();
    }

    [Fact]
    public void Change_replaces_the_due_time()
    {
        var fired = 0;
        using var timer = _time.CreateTimer(_ => fired++, null, Second, Timeout.InfiniteTimeSpan);
        timer.Change(5 * Second, Timeout.InfiniteTimeSpan).ShouldBeTrue();

        _time.Advance(4 * Second);
        fired.ShouldBe(0);

        _time.Advance(Second);
        fired.ShouldBe(1);

        timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _time.ArmedTimers.ShouldBe(0);
    }

    [Fact]
    public void A_timer_armed_by_a_callback_fires_within_the_same_advance()
    {
        var fired = new List<TimeSpan>();
        var start = _time.GetUtcNow();
        void Fire(object? state)
        {
            fired.Add(_time.GetUtcNow() - start);
            _time.CreateTimer(Fire, null, Second, Timeout.InfiniteTimeSpan);
        }

        _time.CreateTimer(Fire, null, Second, Timeout.InfiniteTimeSpan);
        _time.Advance(3 * Second);

        fired.ShouldBe([Second, 2 * Second, 3 * Second]);
    }

    [Fact]
    public void Timestamps_measure_what_the_clock_was_moved_by()
    {
        var before = _time.GetTimestamp();

        _time.Advance(TimeSpan.FromMilliseconds(1500));

        _time.GetElapsedTime(before).ShouldBe(TimeSpan.FromMilliseconds(1500));
    }

    [Fact]
    public async Task Delays_and_timeouts_of_the_base_library_run_on_it()
    {
        using var timeout = new CancellationTokenSource(2 * Second, _time);
        var delay = Task.Delay(Second, _time, Cancelled);
        var immediate = new TaskCompletionSource();
        using var timer = _time.CreateTimer(_ => immediate.SetResult(), null, TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        await immediate.Task.WaitAsync(Cancelled);
        delay.IsCompleted.ShouldBeFalse();

        _time.Advance(Second);
        await delay;
        timeout.IsCancellationRequested.ShouldBeFalse();

        _time.Advance(Second);
        timeout.IsCancellationRequested.ShouldBeTrue();
    }

    [Fact]
    public async Task A_test_may_wait_until_the_code_under_test_has_armed_its_timer()
    {
        var armed = _time.WaitForTimersAsync(2, Cancelled);
        var exact = _time.WaitForTimerAsync(7 * Second, Cancelled);
        _time.CreateTimer(_ => { }, null, Second, Timeout.InfiniteTimeSpan);
        armed.IsCompleted.ShouldBeFalse();

        _ = Task.Run(() => Task.Delay(7 * Second, _time, Cancelled), Cancelled);

        await armed;
        await exact;
    }
}
