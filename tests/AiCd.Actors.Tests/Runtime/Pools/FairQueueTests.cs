using AiCd.Actors.Jobs;
using AiCd.Actors.Runtime.Pools;
using AiCd.Actors.Tests.Runtime.Support;

namespace AiCd.Actors.Tests.Runtime.Pools;

public sealed class FairQueueTests
{
    private readonly FairQueue _queue = new();

    [Fact]
    public void A_tenant_with_ten_thousand_jobs_delays_the_first_job_of_another_by_one_turn()
    {
        Enqueue(Enumerable.Range(0, 10_000).Select(number => Waiting.Job(number, "many")));
        Enqueue(Waiting.Job(20_000, "one"));

        Dequeue(3).ShouldBe([Waiting.Id(0), Waiting.Id(20_000), Waiting.Id(1)]);
    }

    [Fact]
    public void Tenants_take_turns_whatever_the_number_of_their_jobs()
    {
        Enqueue(Waiting.Job(1, "a"), Waiting.Job(2, "a"), Waiting.Job(3, "a"), Waiting.Job(4, "b"), Waiting.Job(5, "c"), Waiting.Job(6, "c"));

        Dequeue(6).ShouldBe([Waiting.Id(1), Waiting.Id(4), Waiting.Id(5), Waiting.Id(2), Waiting.Id(6), Waiting.Id(3)]);
    }

    [Fact]
    public void Within_a_tenant_the_priority_decides_and_then_age()
    {
        Enqueue(Waiting.Job(1), Waiting.Job(2, priority: -5), Waiting.Job(3, priority: 10), Waiting.Job(4), Waiting.Job(5, priority: 10));

        Dequeue(5).ShouldBe([Waiting.Id(3), Waiting.Id(5), Waiting.Id(1), Waiting.Id(4), Waiting.Id(2)]);
    }

    [Fact]
    public void A_high_priority_buys_no_turn_of_another_tenant()
    {
        Enqueue(Waiting.Job(1, "a"), Waiting.Job(2, "b", priority: 100), Waiting.Job(3, "b", priority: 100));

        Dequeue(3).ShouldBe([Waiting.Id(1), Waiting.Id(2), Waiting.Id(3)]);
    }

    [Fact]
    public void A_job_that_is_enqueued_again_takes_its_new_place_and_runs_once()
    {
        Enqueue(Waiting.Job(1), Waiting.Job(2), Waiting.Job(1, priority: -1));

        _queue.Count.ShouldBe(2);
        Dequeue(2).ShouldBe([Waiting.Id(2), Waiting.Id(1)]);
        _queue.TryDequeue(out _).ShouldBeFalse();
    }

    [Fact]
    public void A_removed_job_is_gone_and_another_of_its_tenant_keeps_its_turn()
    {
        Enqueue(Waiting.Job(1, "a"), Waiting.Job(2, "b"), Waiting.Job(3, "a"));

        _queue.Remove(Waiting.Id(1)).ShouldBeTrue();
        _queue.Remove(Waiting.Id(1)).ShouldBeFalse();

        Dequeue(2).ShouldBe([Waiting.Id(3), Waiting.Id(2)]);
        _queue.Count.ShouldBe(0);
    }

    [Fact]
    public void A_tenant_whose_jobs_were_all_removed_comes_back_with_one_turn()
    {
        Enqueue(Waiting.Job(1, "a"), Waiting.Job(2, "b"));
        _queue.Remove(Waiting.Id(1));
        Enqueue(Waiting.Job(3, "a"), Waiting.Job(4, "a"));

        Dequeue(3).ShouldBe([Waiting.Id(3), Waiting.Id(2), Waiting.Id(4)]);
        _queue.TryDequeue(out _).ShouldBeFalse();

        Enqueue(Waiting.Job(5, "a"));
        Dequeue(1).ShouldBe([Waiting.Id(5)]);
    }

    [Fact]
    public void A_job_is_told_how_many_may_start_before_it()
    {
        Enqueue(Waiting.Job(1), Waiting.Job(2, priority: 3), Waiting.Job(3), Waiting.Job(9, "other"));
        _queue.Remove(Waiting.Id(1));

        _queue.Ahead(Waiting.Id(2)).ShouldBe(1);
        _queue.Ahead(Waiting.Id(3)).ShouldBe(2);
        _queue.Ahead(Waiting.Id(1)).ShouldBeNull();
    }

    [Fact]
    public void A_tenant_of_weight_two_starts_two_jobs_in_its_turn()
    {
        var queue = new FairQueue(tenant => tenant == "heavy" ? 2 : 1);
        foreach (var job in Enumerable.Range(1, 5).Select(n => Waiting.Job(n, "heavy")).Concat([Waiting.Job(6, "light"), Waiting.Job(7, "light")]))
        {
            queue.Enqueue(job);
        }

        var order = new List<JobId>();
        while (queue.TryDequeue(out var next))
        {
            order.Add(next.Job);
        }

        order.ShouldBe([.. new[] { 1, 2, 6, 3, 4, 7, 5 }.Select(n => Waiting.Id(n))]);
    }

    private void Enqueue(params IEnumerable<WaitingJob> jobs)
    {
        foreach (var job in jobs)
        {
            _queue.Enqueue(job);
        }
    }

    private List<JobId> Dequeue(int count)
    {
        var jobs = new List<JobId>();
        while (jobs.Count < count && _queue.TryDequeue(out var job))
        {
            jobs.Add(job.Job);
        }

        return jobs;
    }
}
