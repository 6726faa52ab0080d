using AiCd.Actors.Runtime.Pools;
using AiCd.Actors.Tests.Runtime.Support;

namespace AiCd.Actors.Tests.Runtime.Pools;

[Collection(nameof(Alone))]
public sealed class WaitingMemoryTests
{
    private readonly FairQueue _queue = new();

    [Fact]
    public void A_job_that_changes_its_place_over_and_over_takes_the_room_of_one()
    {
        _queue.Enqueue(Waiting.Job(0));
        var kept = Kept(() =>
        {
            for (var i = 0; i < 200_000; i++)
            {
                _queue.Enqueue(Waiting.Job(1, priority: i % 100));
            }
        });

        kept.ShouldBeLessThan(1_000_000);
        _queue.TryDequeue(out var first).ShouldBeTrue();
        first.Job.ShouldBe(Waiting.Id(1));
        _queue.Count.ShouldBe(1);
    }

    [Fact]
    public void A_waiting_job_takes_less_than_a_kilobyte()
    {
        const int Jobs = 100_000;
        var kept = Kept(() =>
        {
            for (var number = 0; number < Jobs; number++)
            {
                _queue.Enqueue(Waiting.Job(number));
            }
        });

        TestContext.Current.TestOutputHelper?.WriteLine($"{kept / Jobs} bytes for each waiting job, its id included");
        (kept / Jobs).ShouldBeLessThan(1_000);
        _queue.Count.ShouldBe(Jobs);
    }

    private static long Kept(Action fill)
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        fill();
        return GC.GetTotalMemory(forceFullCollection: true) - before;
    }
}
