using AiCd.Actors.Tests.Runtime.Support;

namespace AiCd.Actors.Tests.Runtime.Pools;

public sealed class StagePoolTests : IDisposable
{
    private readonly PoolHarness _harness = new(concurrency: 2);

    public void Dispose() => _harness.Dispose();

    [Fact]
    public void At_most_so_many_run_at_a_time()
    {
        _harness.Enqueue(Waiting.Job(1), Waiting.Job(2), Waiting.Job(3), Waiting.Job(4));

        _harness.Granted.ShouldBe([Waiting.Id(1), Waiting.Id(2)]);
        _harness.Pool.View().ShouldSatisfyAllConditions(view => view.Running.ShouldBe(2), view => view.Waiting.ShouldBe(2));

        _harness.End(0);
        _harness.Granted.ShouldBe([Waiting.Id(1), Waiting.Id(2), Waiting.Id(3)]);
    }

    [Fact]
    public void A_slot_is_released_exactly_once()
    {
        _harness.Enqueue(Waiting.Job(1), Waiting.Job(2), Waiting.Job(3), Waiting.Job(4));

        _harness.End(0);
        _harness.End(0);
        _harness.Slots[0].Dispose();

        _harness.Granted.Count.ShouldBe(3);
        _harness.Pool.View().Running.ShouldBe(2);
    }

    [Fact]
    public void A_job_does_not_start_before_its_due_time()
    {
        _harness.Enqueue(Waiting.Job(1, due: _harness.Time.GetUtcNow().AddSeconds(10)), Waiting.Job(2, due: _harness.Time.GetUtcNow().AddSeconds(5)));

        _harness.Time.Advance(TimeSpan.FromSeconds(4.9));
        _harness.Granted.ShouldBeEmpty();
        _harness.Pool.View().Delayed.ShouldBe(2);

        _harness.Time.Advance(TimeSpan.FromSeconds(0.2));
        _harness.Granted.ShouldBe([Waiting.Id(2)]);

        _harness.Time.Advance(TimeSpan.FromSeconds(5));
        _harness.Granted.ShouldBe([Waiting.Id(2), Waiting.Id(1)]);
    }

    [Fact]
    public void A_due_time_months_ahead_stops_nobody()
    {
        // The system's timers refuse to wait so long.
        using var system = new PoolHarness(time: TimeProvider.System);
        system.Enqueue(Waiting.Job(1, due: TimeProvider.System.GetUtcNow().AddDays(120)), Waiting.Job(2));
        system.Granted.ShouldBe([Waiting.Id(2)]);

        var due = _harness.Time.GetUtcNow().AddDays(120);
        _harness.Enqueue(Waiting.Job(1, due: due), Waiting.Job(2));
        _harness.Granted.ShouldBe([Waiting.Id(2)]);

        _harness.Time.Advance(TimeSpan.FromDays(119));
        _harness.Granted.Count.ShouldBe(1);
        _harness.Time.Advance(TimeSpan.FromDays(1.01));
        _harness.Granted.ShouldBe([Waiting.Id(2), Waiting.Id(1)]);
    }

    [Fact]
    public void A_delayed_job_that_is_enqueued_again_obeys_its_new_due_time_alone()
    {
        var now = _harness.Time.GetUtcNow();
        _harness.Enqueue(Waiting.Job(1, due: now.AddSeconds(5)), Waiting.Job(1, due: now.AddSeconds(20)));
        _harness.Time.Advance(TimeSpan.FromSeconds(10));
        _harness.Granted.ShouldBeEmpty();

        _harness.Enqueue(Waiting.Job(1));
        _harness.Time.Advance(TimeSpan.FromSeconds(20));
        _harness.Granted.ShouldBe([Waiting.Id(1)]);
    }

    [Fact]
    public void A_removed_job_never_starts_wherever_it_waited()
    {
        _harness.Enqueue(Waiting.Job(1), Waiting.Job(2), Waiting.Job(3), Waiting.Job(4, due: _harness.Time.GetUtcNow().AddSeconds(1)));

        _harness.Pool.Remove(Waiting.Id(3)).ShouldBeTrue();
        _harness.Pool.Remove(Waiting.Id(4)).ShouldBeTrue();
        _harness.Pool.Remove(Waiting.Id(5)).ShouldBeFalse();
        _harness.End(0);
        _harness.End(1);
        _harness.Time.Advance(TimeSpan.FromSeconds(2));

        _harness.Granted.ShouldBe([Waiting.Id(1), Waiting.Id(2)]);
    }

    [Fact]
    public void While_paused_nothing_new_starts_and_running_work_goes_on()
    {
        _harness.Enqueue(Waiting.Job(1));
        _harness.Pool.Pause();
        _harness.Enqueue(Waiting.Job(2), Waiting.Job(3, due: _harness.Time.GetUtcNow().AddSeconds(1)));
        _harness.Time.Advance(TimeSpan.FromSeconds(5));

        _harness.Granted.ShouldBe([Waiting.Id(1)]);
        _harness.Pool.TryEnter(Waiting.Agent).ShouldBeNull();
        _harness.Pool.View().ShouldSatisfyAllConditions(view => view.Paused.ShouldBeTrue(), view => view.Running.ShouldBe(1));

        _harness.Pool.Resume();
        _harness.Granted.ShouldBe([Waiting.Id(1), Waiting.Id(2)]);
        _harness.End(0);
        _harness.Granted.Count.ShouldBe(3);
    }

    [Fact]
    public void Growing_starts_who_waits_and_shrinking_lets_running_work_end()
    {
        _harness.Enqueue(Enumerable.Range(1, 6).Select(number => Waiting.Job(number)));

        _harness.Pool.Resize(4, 1_000_000);
        _harness.Granted.Count.ShouldBe(4);

        _harness.Pool.Resize(1, 1_000_000);
        _harness.End(0);
        _harness.End(1);
        _harness.End(2);
        _harness.Granted.Count.ShouldBe(4);
        _harness.End(3);
        _harness.Granted.Count.ShouldBe(5);
    }

    [Fact]
    public void A_place_that_is_free_at_once_is_taken_without_queueing()
    {
        using var slot = _harness.Pool.TryEnter(Waiting.Agent).ShouldNotBeNull();
        using var second = _harness.Pool.TryEnter(Waiting.Agent).ShouldNotBeNull();

        _harness.Pool.TryEnter(Waiting.Agent).ShouldBeNull();
        slot.Dispose();
        _harness.Pool.View().Running.ShouldBe(1);
    }

    [Fact]
    public void Who_enters_at_once_never_overtakes_a_job_that_waits()
    {
        using var slow = new PoolHarness(concurrency: 2, startsPerSecond: 1);
        slow.Enqueue(Waiting.Job(1), Waiting.Job(2));

        slow.Granted.Count.ShouldBe(1);
        slow.Pool.TryEnter(Waiting.Agent).ShouldBeNull();
    }

    [Fact]
    public void Who_enters_at_once_does_not_overtake_a_job_that_has_just_become_due()
    {
        // The clock of a running system passes a due time a moment before the timer fires.
        var clock = new SkippingClock();
        using var harness = new PoolHarness(concurrency: 1, time: clock);
        harness.Enqueue(Waiting.Job(1, due: clock.GetUtcNow().AddSeconds(5)));

        clock.Skip(TimeSpan.FromSeconds(6));

        harness.Pool.TryEnter(Waiting.Agent).ShouldBeNull();
    }

    [Fact]
    public void A_grant_that_comes_back_at_once_does_not_pile_up_the_stack()
    {
        var (depth, deepest) = (0, 0);
        _harness.OnGrant = slot =>
        {
            deepest = Math.Max(deepest, ++depth);
            slot.Dispose();
            depth--;
        };
        _harness.Pool.Pause();
        _harness.Enqueue(Enumerable.Range(0, 1_000).Select(number => Waiting.Job(number)));

        _harness.Pool.Resume();

        _harness.Granted.Count.ShouldBe(1_000);
        deepest.ShouldBe(1);
    }
}
