using AiCd.Actors.Journal;
using static AiCd.Actors.Tests.Journal.ShardWriter;

namespace AiCd.Actors.Tests.Journal;

public abstract partial class StoreConformance
{
    [Fact]
    public async Task A_shard_is_read_in_pages()
    {
        var writer = await JoinAsync(Store, 1);
        await writer.CommitAsync(Entry(NewJob(1), 1, Event("A"), Event("B"), Event("C"), Event("D"), Event("E")));

        (await ReadShardAsync(1, after: 0, limit: 2)).Select(row => row.Event).ShouldBe(["A", "B"]);
        (await ReadShardAsync(1, after: 2, limit: 2)).Select(row => row.Event).ShouldBe(["C", "D"]);
        (await ReadShardAsync(1, after: 4, limit: 2)).Select(row => row.Event).ShouldBe(["E"]);
        (await ReadShardAsync(1, after: 5, limit: 2)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Paging_along_a_shard_meets_every_event_while_appends_go_on()
    {
        const int events = 600;
        var writer = await JoinAsync(Store, 1, 2);
        var appending = Task.Run(
            async () =>
            {
                for (var i = 0; i < events / 3; i++)
                {
                    await writer.CommitAsync(Entry(NewJob(1), 1, Event(), Event()), Entry(NewJob(2)), Entry(NewJob(1)));
                }
            },
            Token);

        var seen = new List<long>();
        while (seen.Count < events)
        {
            Token.ThrowIfCancellationRequested();
            var done = appending.IsCompleted;
            var page = await ReadShardAsync(1, after: seen.Count, limit: 7);
            seen.AddRange(page.Select(row => row.ShardSeq));
            (done && page.Count == 0).ShouldBeFalse($"only {seen.Count} of {events} events were found");
        }

        await appending;
        seen.ShouldBe(Enumerable.Range(1, events).Select(seq => (long)seq));
    }

    [Fact]
    public async Task A_job_that_ends_while_recovery_reads_is_read_whole_or_not_at_all()
    {
        var writer = await JoinAsync(Store, 1);
        var jobs = Enumerable.Range(0, 400).Select(_ => NewJob(1)).ToArray();
        foreach (var chunk in jobs.Chunk(100))
        {
            await writer.CommitAsync([.. chunk.Select(job => Entry(job, 1, Event("A"), Event("B"), Event("C"), Event("D")) with { Activity = Activity.Begins })]);
        }

        var ending = Task.Run(
            async () =>
            {
                foreach (var job in jobs)
                {
                    await writer.CommitAsync(Entry(job, 5) with { Activity = Activity.Ends });
                }
            },
            Token);
        do
        {
            foreach (var job in (await ReadActiveAsync(1)).GroupBy(row => row.Job))
            {
                job.Select(row => row.Seq).ShouldBe([1, 2, 3, 4]);
            }
        }
        while (!ending.IsCompleted);

        await ending;
        (await ReadActiveAsync(1)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Jobs_that_are_not_there_have_no_events()
    {
        (await ReadAsync(NewJob(1), NewJob(2))).ShouldBeEmpty();
        (await ReadAsync()).ShouldBeEmpty();
        (await Journal.FindClaimAsync("default", "issue", "1", Token)).ShouldBeNull();
    }
}
