using AiCd.Actors.Runtime;
using AiCd.Actors.Tests.Runtime.Support;

namespace AiCd.Actors.Tests.Runtime.Pools;

public sealed class StartRateTests
{
    [Fact]
    public void By_default_ten_start_each_second_and_five_run_at_a_time()
    {
        var options = new StageOptions();

        options.StartsPerSecond.ShouldBe(10);
        options.Concurrency.ShouldBe(5);
        options.Attempts.ShouldBe(3);
        options.Backoff.ShouldBe(TimeSpan.FromSeconds(2));
    }

    [Fact]
    public void Beyond_the_first_burst_jobs_start_at_the_rate()
    {
        using var harness = new PoolHarness(concurrency: 1_000, startsPerSecond: 10);
        harness.Enqueue(Enumerable.Range(0, 100).Select(number => Waiting.Job(number)));

        harness.Granted.Count.ShouldBe(10);
        harness.Time.Advance(TimeSpan.FromSeconds(1));
        harness.Granted.Count.ShouldBeInRange(19, 20);
        harness.Time.Advance(TimeSpan.FromSeconds(4));
        harness.Granted.Count.ShouldBeInRange(58, 60);
    }

    [Fact]
    public void A_long_rest_saves_no_more_than_one_second_of_starts()
    {
        using var harness = new PoolHarness(concurrency: 1_000, startsPerSecond: 10);
        harness.Time.Advance(TimeSpan.FromHours(1));

        harness.Enqueue(Enumerable.Range(0, 100).Select(number => Waiting.Job(number)));

        harness.Granted.Count.ShouldBe(10);
    }

    [Fact]
    public void A_rate_below_one_lets_a_single_job_start_and_then_waits()
    {
        using var harness = new PoolHarness(concurrency: 5, startsPerSecond: 0.1);
        harness.Enqueue(Waiting.Job(1), Waiting.Job(2));

        harness.Granted.Count.ShouldBe(1);
        harness.Time.Advance(TimeSpan.FromSeconds(9));
        harness.Granted.Count.ShouldBe(1);
        harness.Time.Advance(TimeSpan.FromSeconds(2));
        harness.Granted.Count.ShouldBe(2);
    }

    [Fact]
    public void A_new_rate_takes_effect_at_once()
    {
        using var harness = new PoolHarness(concurrency: 1_000, startsPerSecond: 1);
        harness.Enqueue(Enumerable.Range(0, 200).Select(number => Waiting.Job(number)));
        harness.Granted.Count.ShouldBe(1);

        harness.Pool.Resize(1_000, 100);
        harness.Time.Advance(TimeSpan.FromSeconds(1));

        harness.Granted.Count.ShouldBeInRange(90, 101);
    }

    [Fact]
    public void Who_enters_at_once_spends_a_start_too()
    {
        using var harness = new PoolHarness(concurrency: 1_000, startsPerSecond: 3);

        Enumerable.Range(0, 5).Count(_ => harness.Pool.TryEnter(Waiting.Agent) is not null).ShouldBe(3);
        harness.Time.Advance(TimeSpan.FromSeconds(0.5));
        Enumerable.Range(0, 5).Count(_ => harness.Pool.TryEnter(Waiting.Agent) is not null).ShouldBe(1);
    }

    [Fact]
    public void A_due_time_while_the_rate_is_spent_does_not_lose_the_next_start()
    {
        using var harness = new PoolHarness(concurrency: 1_000, startsPerSecond: 1);
        var now = harness.Time.GetUtcNow();
        harness.Enqueue(Waiting.Job(1), Waiting.Job(2), Waiting.Job(3, due: now.AddSeconds(0.5)), Waiting.Job(4, due: now.AddMinutes(1)));

        harness.Time.Advance(TimeSpan.FromSeconds(3));

        harness.Granted.ShouldBe([Waiting.Id(1), Waiting.Id(2), Waiting.Id(3)]);
        harness.Time.Advance(TimeSpan.FromMinutes(1));
        harness.Granted.Count.ShouldBe(4);
    }
}
