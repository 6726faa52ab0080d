using AiCd.Actors.Runtime.Pools;
using AiCd.Actors.Tests.Runtime.Support;

namespace AiCd.Actors.Tests.Runtime.Pools;

public sealed class OpenCircuitTests : IDisposable
{
    private readonly PoolHarness _harness = new(concurrency: 3);

    public void Dispose() => _harness.Dispose();

    [Fact]
    public void Jobs_held_for_an_open_circuit_do_not_block_others()
    {
        _harness.Circuits.ReportDown("down", null);

        _harness.Enqueue(Waiting.Job(1, provider: "down"), Waiting.Job(2, provider: "down"), Waiting.Job(3));

        _harness.Granted.ShouldBe([Waiting.Id(3)]);
        _harness.Pool.View().ShouldSatisfyAllConditions(view => view.Held.ShouldBe(2), view => view.Waiting.ShouldBe(0));
        _harness.Pool.TryEnter("down").ShouldBeNull();
        _harness.Pool.TryEnter(Waiting.Agent).ShouldNotBeNull().Dispose();
    }

    [Fact]
    public void Half_open_lets_exactly_one_through_and_its_success_all()
    {
        _harness.Circuits.ReportDown("down", null);
        _harness.Enqueue(Waiting.Job(1, provider: "down"), Waiting.Job(2, provider: "down"), Waiting.Job(3, provider: "down"));

        _harness.Time.Advance(ProviderCircuits.FirstPause);
        _harness.Granted.ShouldBe([Waiting.Id(1)]);

        _harness.Circuits.ReportUp("down");
        _harness.Granted.ShouldBe([Waiting.Id(1), Waiting.Id(2), Waiting.Id(3)]);
        _harness.Pool.View().Held.ShouldBe(0);
    }

    [Fact]
    public void When_the_one_fails_too_the_others_stay_held()
    {
        _harness.Circuits.ReportDown("down", null);
        _harness.Enqueue(Waiting.Job(1, provider: "down"), Waiting.Job(2, provider: "down"));
        _harness.Time.Advance(ProviderCircuits.FirstPause);

        _harness.Circuits.ReportDown("down", null);
        _harness.End(0);

        _harness.Granted.Count.ShouldBe(1);
        _harness.Pool.View().Held.ShouldBe(1);
        _harness.Time.Advance(ProviderCircuits.FirstPause * 2);
        _harness.Granted.ShouldBe([Waiting.Id(1), Waiting.Id(2)]);
    }

    [Fact]
    public void When_the_one_ends_without_a_word_the_next_goes()
    {
        _harness.Circuits.ReportDown("down", null);
        _harness.Enqueue(Waiting.Job(1, provider: "down"), Waiting.Job(2, provider: "down"));
        _harness.Time.Advance(ProviderCircuits.FirstPause);

        _harness.End(0);

        _harness.Granted.ShouldBe([Waiting.Id(1), Waiting.Id(2)]);
    }

    [Fact]
    public void Work_that_began_before_the_failure_lets_no_second_one_through_when_it_ends()
    {
        _harness.Enqueue(Waiting.Job(1, provider: "down"));
        _harness.Circuits.ReportDown("down", null);
        _harness.Enqueue(Waiting.Job(2, provider: "down"), Waiting.Job(3, provider: "down"));
        _harness.Time.Advance(ProviderCircuits.FirstPause);
        _harness.Granted.ShouldBe([Waiting.Id(1), Waiting.Id(2)]);

        _harness.End(0);

        _harness.Granted.Count.ShouldBe(2);
    }

    [Fact]
    public void Held_jobs_come_back_by_priority_and_age()
    {
        _harness.Circuits.ReportDown("down", null);
        _harness.Enqueue(Enumerable.Range(1, 4).Select(number => Waiting.Job(number, provider: "down")));
        _harness.Pool.Remove(Waiting.Id(1));
        _harness.Enqueue(Waiting.Job(5, provider: "down"), Waiting.Job(6, priority: 1, provider: "down"));
        _harness.Pool.Resize(10, 1_000_000);

        _harness.Time.Advance(ProviderCircuits.FirstPause);
        _harness.Circuits.ReportUp("down");

        _harness.Granted.ShouldBe([Waiting.Id(6), Waiting.Id(2), Waiting.Id(3), Waiting.Id(4), Waiting.Id(5)]);
    }

    [Fact]
    public void A_held_job_can_be_removed()
    {
        _harness.Circuits.ReportDown("down", null);
        _harness.Enqueue(Waiting.Job(1, provider: "down"));

        _harness.Pool.Remove(Waiting.Id(1)).ShouldBeTrue();
        _harness.Time.Advance(ProviderCircuits.FirstPause);

        _harness.Granted.ShouldBeEmpty();
    }
}
