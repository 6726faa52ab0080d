using System.Text;
using AiCd.Actors.Journal;
using static AiCd.Actors.Tests.Journal.ShardWriter;

namespace AiCd.Actors.Tests.Journal;

public abstract partial class StoreConformance
{
    [Fact]
    public async Task An_event_reads_as_it_was_written()
    {
        var writer = await JoinAsync(Store, 7);
        var job = NewJob(7);
        var at = new DateTimeOffset(2031, 5, 6, 9, 8, 9, 123, TimeSpan.FromHours(2)).AddTicks(4567);

        await writer.CommitAsync(Entry(job, 1, new EventData("SUBMITTED", "{\"a\":1}"u8.ToArray(), at)) with { Tenant = "acme" });

        var row = (await ReadAsync(job)).ShouldHaveSingleItem();
        (row.Shard, row.ShardSeq, row.Job, row.Seq, row.Tenant, row.Event).ShouldBe((7, 1L, job, 1, "acme", "SUBMITTED"));
        Encoding.UTF8.GetString(row.Payload.Span).ShouldBe("{\"a\":1}");
        row.RecordedAt.ShouldBe(new DateTimeOffset(2031, 5, 6, 7, 8, 9, 123, TimeSpan.Zero));
        row.RecordedAt.Offset.ShouldBe(TimeSpan.Zero);
    }

    [Fact]
    public async Task Events_are_contiguous_in_their_shard_and_in_their_job()
    {
        var writer = await JoinAsync(Store, 1, 2);
        var (first, second, other) = (NewJob(1), NewJob(1), NewJob(2));

        await writer.CommitAsync(Entry(first, 1, Event("A"), Event("B")), Entry(other, 1, Event("X")), Entry(second, 1, Event("C")));
        await writer.CommitAsync(Entry(second, 2, Event("D")), Entry(first, 3, Event("E"), Event("F")));

        (await ReadShardAsync(1)).Select(row => (row.ShardSeq, row.Event))
            .ShouldBe([(1, "A"), (2, "B"), (3, "C"), (4, "D"), (5, "E"), (6, "F")]);
        (await ReadShardAsync(2)).Select(row => (row.ShardSeq, row.Event)).ShouldBe([(1, "X")]);
        (await ReadAsync(second, first)).Select(row => (row.Job, row.Seq)).ShouldBe(
            [(first, 1), (first, 2), (first, 3), (first, 4), (second, 1), (second, 2)]);
    }

    [Fact]
    public async Task A_number_that_the_job_has_already_is_refused()
    {
        var writer = await JoinAsync(Store, 1);
        var job = NewJob(1);
        await writer.CommitAsync(Entry(job, 1, Event("A"), Event("B")));

        var result = await writer.AppendAsync(Entry(job, 2, Event("C")));

        result.ShouldBeOfType<AppendResult.RowRefused>().Claim.ShouldBeNull();
        (await ReadAsync(job)).Select(row => row.Event).ShouldBe(["A", "B"]);
    }

    [Fact]
    public async Task Nothing_of_a_batch_is_written_when_one_row_is_refused()
    {
        var writer = await JoinAsync(Store, 1, 2);
        var (taken, good) = (NewJob(1), NewJob(2));
        await writer.CommitAsync(Entry(taken));
        var claim = new Claim("issue", "acme/app#1", Permanent: false);

        var result = await writer.AppendAsync(
            Entry(good) with { Activity = Activity.Begins, Claims = [claim], Artifacts = [new ArtifactContent("00ff", "content"u8.ToArray())] },
            Entry(taken));

        result.ShouldBeOfType<AppendResult.RowRefused>();
        (await ReadAsync(good)).ShouldBeEmpty();
        (await ReadShardAsync(2)).ShouldBeEmpty();
        (await ReadActiveAsync(1, 2)).ShouldBeEmpty();
        (await Journal.FindClaimAsync("default", claim.Kind, claim.Key, Token)).ShouldBeNull();
        (await Store.Artifacts.FindAsync("default", "00ff", Token)).ShouldBeNull();
        await writer.CommitAsync(Entry(good));
    }

    [Fact]
    public async Task A_batch_whose_positions_contradict_its_fences_is_a_bug_of_the_caller()
    {
        var writer = await JoinAsync(Store, 1);
        var batch = writer.Batch(Entry(NewJob(1)));

        await Should.ThrowAsync<ArgumentException>(() => Journal.AppendAsync(batch with { Fences = [batch.Fences[0] with { Count = 2 }] }, Token));
        await Should.ThrowAsync<ArgumentException>(() => Journal.AppendAsync(batch with { Entries = [batch.Entries[0] with { FirstShardSeq = 2 }] }, Token));
        await Should.ThrowAsync<ArgumentException>(() => Journal.AppendAsync(batch with { Fences = [] }, Token));
    }

    [Theory]
    [InlineData("it's \"quoted\"; drop table journal; -- \\ $1 ?")]
    [InlineData("emoji 🚀👩‍👩‍👧 and \u202eright to left\u202c, \u0001\u001f, ﷽, e\u0301, \ufffd \uffff")]
    [InlineData("")]
    public async Task Texts_read_as_they_were_written(string text)
    {
        var writer = await JoinAsync(Store, 1);
        var job = NewJob(1);

        await writer.CommitAsync(Entry(job, 1, Event(text, text)) with { Tenant = text, Claims = [new Claim(text, text, Permanent: true)] });

        var row = (await ReadAsync(job)).ShouldHaveSingleItem();
        (row.Tenant, row.Event, Encoding.UTF8.GetString(row.Payload.Span)).ShouldBe((text, text, text));
        (await Journal.FindClaimAsync(text, text, text, Token)).ShouldBe(job);
    }

    [Theory]
    [InlineData('\0')]
    [InlineData('\ud83d')]
    [InlineData('\ude80')]
    public async Task A_text_that_no_store_can_hold_is_refused_and_not_changed(char odd)
    {
        var text = $"a{odd}b";
        var writer = await JoinAsync(Store, 1);
        var job = NewJob(1);

        (await writer.AppendAsync(Entry(job) with { Tenant = text })).ShouldBeOfType<AppendResult.RowRefused>();
        (await writer.AppendAsync(Entry(job, 1, Event(text)))).ShouldBeOfType<AppendResult.RowRefused>();
        (await writer.AppendAsync(Entry(job) with { Claims = [new Claim("issue", text, Permanent: false)] })).ShouldBeOfType<AppendResult.RowRefused>();

        await writer.CommitAsync(Entry(job));
    }

    [Fact]
    public async Task An_event_of_five_megabytes_is_kept()
    {
        var writer = await JoinAsync(Store, 1);
        var job = NewJob(1);
        var payload = new byte[5_000_000];
        new Random(1).NextBytes(payload);

        await writer.CommitAsync(Entry(job, 1, Event("A"), new EventData("B", payload, DateTimeOffset.UnixEpoch), Event("C")));

        var rows = await ReadAsync(job);
        rows.Select(row => row.Event).ShouldBe(["A", "B", "C"]);
        rows[1].Payload.Span.SequenceEqual(payload).ShouldBeTrue();
    }

    [Fact]
    public async Task Ten_thousand_jobs_are_kept_apart()
    {
        var writer = await JoinAsync(Store, [.. Enumerable.Range(0, Store.ShardCount)]);
        var jobs = Enumerable.Range(0, 10_000).Select(i => NewJob(i % Store.ShardCount)).ToArray();
        foreach (var chunk in jobs.Chunk(500))
        {
            await writer.CommitAsync([.. chunk.Select(job => Entry(job, 1, Event("A", job.Value)) with { Activity = Activity.Begins })]);
        }

        foreach (var chunk in jobs.Reverse().Chunk(500))
        {
            await writer.CommitAsync([.. chunk.Select(job => Entry(job, 2, Event("B", job.Value)))]);
        }

        var rows = await ReadActiveAsync([.. Enumerable.Range(0, Store.ShardCount)]);
        rows.Select(row => (row.Job, row.Seq)).ShouldBe(jobs.Order().SelectMany(job => new[] { (job, 1), (job, 2) }));
        rows.All(row => Encoding.UTF8.GetString(row.Payload.Span) == row.Job.Value).ShouldBeTrue();
        for (var shard = 0; shard < Store.ShardCount; shard++)
        {
            (await ReadShardAsync(shard)).Select(row => row.ShardSeq).ShouldBe(Enumerable.Range(1, (int)writer[shard].Head).Select(seq => (long)seq));
        }
    }

    [Fact]
    public async Task Everything_is_there_after_the_store_was_closed_and_opened()
    {
        var writer = await JoinAsync(Store, 3);
        var job = NewJob(3);
        await writer.CommitAsync(Entry(job, 1, Event("A"), Event("B")) with
        {
            Activity = Activity.Begins,
            Claims = [new Claim("issue", "1", Permanent: false)],
            Artifacts = [new ArtifactContent("aa", "content"u8.ToArray())],
        });

        await ReopenAsync();

        (await ReadActiveAsync(3)).Select(row => row.Event).ShouldBe(["A", "B"]);
        (await Journal.FindClaimAsync("default", "issue", "1", Token)).ShouldBe(job);
        (await Store.Artifacts.FindAsync("default", "aa", Token)).ShouldBe("content"u8.ToArray());
        (await Store.Nodes.ReadAsync(Token)).Shards[3].Head.ShouldBe(2);
    }

    [Fact]
    public async Task A_cancelled_call_leaves_the_store_usable()
    {
        var writer = await JoinAsync(Store, 1);
        var job = NewJob(1);
        await writer.CommitAsync(Entry(job));
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => Journal.AppendAsync(writer.Batch(Entry(job, 2)), cancelled.Token));
        await Should.ThrowAsync<OperationCanceledException>(
            async () => await Journal.ReadJobsAsync([job], cancelled.Token).ToListAsync(cancelled.Token));

        await writer.CommitAsync(Entry(job, 2));
        (await ReadAsync(job)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_reading_that_is_given_up_halfway_leaves_the_store_usable()
    {
        var writer = await JoinAsync(Store, 1);
        var job = NewJob(1);
        await writer.CommitAsync(Entry(job, 1, [.. Enumerable.Repeat(Event(), 2000)]));

        for (var i = 0; i < 20; i++)
        {
            (await Journal.ReadShardAsync(1, 0, int.MaxValue, Token).FirstAsync(Token)).Seq.ShouldBe(1);
        }

        await writer.CommitAsync(Entry(job, 2001));
        (await ReadShardAsync(1)).Count.ShouldBe(2001);
    }
}
