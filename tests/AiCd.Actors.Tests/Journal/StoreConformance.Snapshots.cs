using System.Text;
using AiCd.Actors.Jobs;
using AiCd.Actors.Jobs.Stored;
using AiCd.Actors.Journal;
using AiCd.Actors.Tests.Jobs;
using AiCd.Actors.Tests.Jobs.Properties;
using static AiCd.Actors.Tests.Journal.ShardWriter;

namespace AiCd.Actors.Tests.Journal;

public abstract partial class StoreConformance
{
    private const int Schema = 7;

    [Fact]
    public async Task The_newest_snapshot_of_the_schema_is_kept_and_what_is_of_another_one_is_not_seen()
    {
        var (one, two, old) = (NewJob(1), NewJob(2), NewJob(3));
        await Store.Snapshots.WriteAsync([Snapshot(one, 10), Snapshot(two, 20), Snapshot(old, 30) with { Schema = 6 }], Token);
        await Store.Snapshots.WriteAsync([Snapshot(one, 12), Snapshot(two, 19)], Token);

        await ReopenAsync();

        (await FindAsync(one, two, old, NewJob(1))).ShouldBe([(one, 12, "state 12"), (two, 20, "state 20")], ignoreOrder: true);
        (await Store.Snapshots.FindAsync([], Schema, Token)).ShouldBeEmpty();
        await Store.Snapshots.WriteAsync([Snapshot(old, 5)], Token);
        (await FindAsync(old)).ShouldBe([(old, 5, "state 5")]);
        await Store.Snapshots.RemoveAsync([one, old], Token);
        (await FindAsync(one, two, old)).ShouldBe([(two, 20, "state 20")]);
    }

    [Fact]
    public async Task Recovery_finds_the_snapshots_of_the_jobs_that_are_active_on_its_shards()
    {
        var writer = await JoinAsync(Store, 1, 2);
        var (active, ended, elsewhere) = (NewJob(1), NewJob(1), NewJob(2));
        await writer.CommitAsync(
            Entry(active) with { Activity = Activity.Begins }, Entry(ended) with { Activity = Activity.Begins }, Entry(elsewhere) with { Activity = Activity.Begins });
        await writer.CommitAsync(Entry(ended, 2) with { Activity = Activity.Ends });
        await Store.Snapshots.WriteAsync([Snapshot(active, 1), Snapshot(ended, 1), Snapshot(elsewhere, 1)], Token);

        (await Store.Snapshots.FindActiveAsync([1, 3], Schema, Token)).Select(snapshot => snapshot.Job).ShouldBe([active]);
        (await Store.Snapshots.FindActiveAsync([1, 2], Schema, Token)).Select(snapshot => snapshot.Job).ShouldBe([active, elsewhere], ignoreOrder: true);
        (await Store.Snapshots.FindActiveAsync([1], Schema + 1, Token)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Events_after_a_number_are_read_of_those_jobs_that_have_one()
    {
        var writer = await JoinAsync(Store, 1);
        var (whole, rest, none) = (NewJob(1), NewJob(1), NewJob(1));
        foreach (var job in new[] { whole, rest, none })
        {
            await writer.CommitAsync(Entry(job, 1, Event("A"), Event("B"), Event("C")) with { Activity = Activity.Begins });
        }

        var after = new Dictionary<JobId, int> { [rest] = 2, [none] = 3 };
        var expected = new[] { (whole, "A"), (whole, "B"), (whole, "C"), (rest, "C") }.OrderBy(row => row.Item1).ThenBy(row => row.Item2);
        (await Journal.ReadJobsAsync([whole, rest, none], after, Token).Select(row => (row.Job, row.Event)).ToListAsync(Token)).ShouldBe(expected);
        (await Journal.ReadActiveAsync([1], after, Token).Select(row => (row.Job, row.Event)).ToListAsync(Token)).ShouldBe(expected);
        (await Journal.ReadJobsAsync([whole], after, Token).CountAsync(Token)).ShouldBe(3);
    }

    [Fact]
    public async Task Replay_begins_at_a_snapshot_and_where_that_is_stale_or_broken_at_the_first_event()
    {
        var (good, still, stale, unreadable, misleading) = (NewJob(1), NewJob(1), NewJob(1), NewJob(1), NewJob(1));
        JobId[] all = [good, still, stale, unreadable, misleading];
        var writer = await JoinAsync(Store, 1);
        foreach (var job in all)
        {
            await AppendStoryAsync(writer, job);
        }

        var told = (await ReplaysAsync(all)).ToDictionary(pair => pair.Key, pair => RandomJob.Json(pair.Value.Job));
        Job Early(JobId id) => Submitted(id) with { Usage = new(1, 2, 3, 4, 5) };
        Job Late(JobId id) => JobStory.Coding().Job with { Id = id, Usage = new(1, 2, 3, 4, 5) };
        await Store.Snapshots.WriteAsync(
            [
                SnapshotCodec.Encode(Early(good)),
                SnapshotCodec.Encode(Late(still)),
                SnapshotCodec.Encode(Early(stale)) with { Schema = SnapshotCodec.Schema - 1 },
                SnapshotCodec.Encode(Early(unreadable)) with { State = Encoding.UTF8.GetBytes("{\"id\":") },
                SnapshotCodec.Encode(Submitted(misleading) with { State = JobState.Completed }),
            ],
            Token);

        foreach (var replays in new[] { await ReplaysAsync(all), await ActiveReplaysAsync(1) })
        {
            replays.Keys.ShouldBe(all, ignoreOrder: true);
            replays.Values.ShouldAllBe(replay => replay.Corruption == null);
            replays[good].Job!.Usage.OutputTokens.ShouldBe(2, "the snapshot was not where replay began");
            replays[still].Job!.Usage.OutputTokens.ShouldBe(2, "the snapshot was not where replay ended");
            new[] { stale, unreadable, misleading }.ShouldAllBe(job => RandomJob.Json(replays[job].Job) == told[job]);
        }
    }

    private static JobSnapshot Snapshot(JobId job, int seq) => new(job, seq, Schema, Encoding.UTF8.GetBytes($"state {seq}"));

    private static Job Submitted(JobId id) => JobStory.Queued().Job with { Id = id };

    private static async Task AppendStoryAsync(ShardWriter writer, JobId job) => await writer.CommitAsync(
        Entry(job, 1, [.. JobStory.Coding().History.Select(e => new EventData(JobEventCodec.NameOf(e), JobEventCodec.Encode(e), e.At))])
            with
        { Activity = Activity.Begins });

    private async Task<List<(JobId, int, string)>> FindAsync(params JobId[] jobs) =>
        [.. (await Store.Snapshots.FindAsync(jobs, Schema, Token)).Select(snapshot => (snapshot.Job, snapshot.Seq, Encoding.UTF8.GetString(snapshot.State.Span)))];

    private async Task<Dictionary<JobId, JobReplay>> ReplaysAsync(JobId[] jobs) =>
        await new JobReplays(Journal, Store.Snapshots).OfJobsAsync(jobs, Token).ToDictionaryAsync(replay => replay.Id, cancellationToken: Token);

    private async Task<Dictionary<JobId, JobReplay>> ActiveReplaysAsync(params int[] shards) =>
        await new JobReplays(Journal, Store.Snapshots).OfActiveAsync(shards, Token).ToDictionaryAsync(replay => replay.Id, cancellationToken: Token);
}
