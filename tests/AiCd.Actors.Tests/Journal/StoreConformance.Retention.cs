using AiCd.Actors.Jobs;
using AiCd.Actors.Journal;
using AiCd.Actors.Projections;
using static AiCd.Actors.Tests.Journal.ShardWriter;

namespace AiCd.Actors.Tests.Journal;

public abstract partial class StoreConformance
{
    private static readonly DateTimeOffset Now = new(2030, 6, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly RetentionLimits DayAndWeek = new(Now.AddDays(-1), 1_000, Now.AddDays(-7));

    private IRetention Retention => Store.Retention;

    [Theory]
    [InlineData(JobState.Completed, 25, true)]
    [InlineData(JobState.Completed, 23, false)]
    [InlineData(JobState.Failed, 167, false)]
    [InlineData(JobState.Failed, 169, true)]
    [InlineData(JobState.Cancelled, 167, false)]
    [InlineData(JobState.Cancelled, 169, true)]
    [InlineData(JobState.Reviewing, 10_000, false)]
    public async Task An_ended_job_holds_its_artifacts_for_as_long_as_its_state_allows(JobState state, int hoursAgo, bool expired)
    {
        var writer = await JoinAsync(Store, 1);
        var job = await HoldAsync(writer, state, Now.AddHours(-hoursAgo), "aa");

        (await Retention.FindExpiredAsync([1], DayAndWeek, 10, Token)).ShouldBe(expired ? [job] : []);
    }

    [Fact]
    public async Task Of_completed_jobs_the_last_few_hold_their_artifacts_whoever_owns_the_others()
    {
        var writer = await JoinAsync(Store, 1, 2);
        var jobs = new List<JobId>();
        for (var i = 0; i < 6; i++)
        {
            jobs.Add(await HoldAsync(writer, JobState.Completed, Now.AddMinutes(i - 10), $"a{i}", shard: 1 + (i % 2)));
        }

        await HoldAsync(writer, JobState.Failed, Now, "ff");
        var limits = DayAndWeek with { MaxCompleted = 2 };

        (await Retention.FindExpiredAsync([1, 2], limits, 10, Token)).ShouldBe(jobs[..4]);
        (await Retention.FindExpiredAsync([1, 2], limits, 3, Token)).ShouldBe(jobs[..3]);
        (await Retention.FindExpiredAsync([2], limits, 10, Token)).ShouldBe([jobs[1], jobs[3]]);
        (await Retention.FindExpiredAsync([3], limits, 10, Token)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_job_that_let_go_is_not_found_again_and_one_without_artifacts_never()
    {
        var writer = await JoinAsync(Store, 1);
        var job = await HoldAsync(writer, JobState.Completed, Now.AddDays(-2), "aa");
        await HoldAsync(writer, JobState.Completed, Now.AddDays(-2), sha256: null);
        (await Retention.FindExpiredAsync([1], DayAndWeek, 10, Token)).ShouldBe([job]);

        await Retention.ReleaseAsync([job], Token);

        (await Retention.FindExpiredAsync([1], DayAndWeek, 10, Token)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Content_stays_as_long_as_one_job_of_its_tenant_names_it()
    {
        var writer = await JoinAsync(Store, 1);
        var first = await HoldAsync(writer, JobState.Completed, Now, "aa");
        var second = await HoldAsync(writer, JobState.Completed, Now, "aa");
        await Store.Artifacts.PutAsync("acme", [new ArtifactContent("aa", new byte[] { 9 })], Token);

        await Retention.ReleaseAsync([first], Token);
        (await CollectAllAsync()).ShouldBe(1);
        (await Store.Artifacts.FindAsync("acme", "aa", Token)).ShouldBeNull();
        (await Store.Artifacts.FindAsync("default", "aa", Token)).ShouldNotBeNull();

        await Retention.ReleaseAsync([second], Token);
        (await CollectAllAsync()).ShouldBe(1);
        (await Store.Artifacts.FindAsync("default", "aa", Token)).ShouldBeNull();
    }

    [Fact]
    public async Task A_job_may_name_content_that_was_put_before_it()
    {
        var writer = await JoinAsync(Store, 1);
        await Store.Artifacts.PutAsync("default", [new ArtifactContent("aa", new byte[] { 1 })], Token);
        var job = NewJob(1);

        await writer.CommitAsync(Entry(job) with { References = ["aa", "aa"] });
        await writer.CommitAsync(Entry(job, 2) with { References = ["aa"] });

        (await CollectAllAsync()).ShouldBe(0);
        (await Store.Artifacts.FindAsync("default", "aa", Token)).ShouldBe([1]);
    }

    [Fact]
    public async Task What_a_refused_append_names_holds_nothing()
    {
        var writer = await JoinAsync(Store, 1);
        await Store.Artifacts.PutAsync("default", [new ArtifactContent("aa", new byte[] { 1 })], Token);
        var job = NewJob(1);
        await writer.CommitAsync(Entry(job));

        (await writer.AppendAsync(Entry(job, 1) with { References = ["aa"] })).ShouldBeOfType<AppendResult.RowRefused>();

        (await CollectAllAsync()).ShouldBe(1);
    }

    [Fact]
    public async Task Content_within_its_grace_is_not_collected_and_the_rest_in_batches()
    {
        var contents = Enumerable.Range(0, 5).Select(i => new ArtifactContent($"a{i}", new byte[] { 1 })).ToList();
        await Store.Artifacts.PutAsync("default", contents, Token);

        (await Retention.CollectAsync(TimeSpan.FromHours(1), 10, Token)).ShouldBe(0);
        (await CollectAllAsync(limit: 2)).ShouldBe(2);
        (await CollectAllAsync(limit: 2)).ShouldBe(2);
        (await CollectAllAsync(limit: 2)).ShouldBe(1);
        (await CollectAllAsync(limit: 2)).ShouldBe(0);
    }

    [Fact]
    public async Task A_pruned_job_leaves_nothing_but_its_permanent_claims_and_the_shard_goes_on()
    {
        var writer = await JoinAsync(Store, 1);
        var (gone, stays) = (NewJob(1), NewJob(1));
        await writer.CommitAsync(
            Entry(gone, 1, Event(), Event("MARK_CANCELLED")) with { Activity = Activity.Begins, Claims = [new Claim("idempotency", "key", Permanent: true)], References = ["aa"] },
            Entry(stays) with { Activity = Activity.Begins });
        await writer.CommitAsync(Entry(gone, 3) with { Activity = Activity.Ends });
        await ProjectAsync(gone, JobState.Cancelled, Now, 0, 4);
        await Store.Snapshots.WriteAsync([new JobSnapshot(gone, 3, Schema: 1, "{}"u8.ToArray())], Token);

        (await Retention.PruneAsync([new EndedJob(gone, "default", 3)], Token)).ShouldBe(1);

        (await ReadAsync(gone)).ShouldBeEmpty();
        (await Store.Jobs.FindAsync("default", gone, Token)).ShouldBeNull();
        (await Store.Snapshots.FindAsync([gone], schema: 1, Token)).ShouldBeEmpty();
        (await Journal.FindClaimAsync("default", "idempotency", "key", Token)).ShouldBe(gone);
        (await Retention.FindExpiredAsync([1], DayAndWeek, 10, Token)).ShouldBeEmpty();
        (await ReadShardAsync(1)).Select(row => (row.ShardSeq, row.Job)).ShouldBe([(3L, stays)]);
        (await ReadShardAsync(1, after: 3)).ShouldBeEmpty();

        await writer.CommitAsync(Entry(stays, 2));
        (await ReadShardAsync(1, after: 1)).Select(row => row.ShardSeq).ShouldBe([3L, 5L]);
        await ReopenAsync();
        (await Store.Nodes.ReadAsync(Token)).Shards[1].Head.ShouldBe(5);
    }

    [Fact]
    public async Task A_job_that_is_active_or_went_on_is_not_pruned()
    {
        var writer = await JoinAsync(Store, 1);
        var (active, ahead) = (NewJob(1), NewJob(1));
        await writer.CommitAsync(Entry(active) with { Activity = Activity.Begins }, Entry(ahead, 1, Event(), Event()));

        (await Retention.PruneAsync([new EndedJob(active, "default", 1), new EndedJob(ahead, "default", 1), new EndedJob(NewJob(1), "default", 1)], Token)).ShouldBe(0);

        (await ReadAsync(active, ahead)).Count.ShouldBe(3);
    }

    [Fact]
    public async Task Commands_are_forgotten_only_when_they_were_handled_long_ago()
    {
        var (handled, waiting) = (new InboxCommand(Guid.NewGuid(), NewJob(1), "default", "{}"u8.ToArray()), new InboxCommand(Guid.NewGuid(), NewJob(1), "default", "{}"u8.ToArray()));
        await Store.Inbox.PostAsync(handled, Token);
        await Store.Inbox.PostAsync(waiting, Token);
        (await Store.Inbox.FindOutcomeAsync(handled.Id, Token)).ShouldBeNull();
        await Store.Inbox.SettleAsync(new HandledCommand(handled.Id, "1"u8.ToArray()), Token);

        (await Retention.ForgetCommandsAsync(TimeSpan.FromHours(1), 10, Token)).ShouldBe(0);
        (await Retention.ForgetCommandsAsync(TimeSpan.FromHours(-1), 10, Token)).ShouldBe(1);

        (await Store.Inbox.FindOutcomeAsync(handled.Id, Token)).ShouldBeNull();
        (await Store.Inbox.PendingAsync([1], 10, Token)).ShouldHaveSingleItem().Id.ShouldBe(waiting.Id);
    }

    /// <summary>A grace that reaches into the future: whatever was put is old.</summary>
    private Task<int> CollectAllAsync(int limit = 100) => Retention.CollectAsync(TimeSpan.FromHours(-1), limit, Token);

    /// <summary>A job with one event that names the content, as the read model shows it.</summary>
    private async Task<JobId> HoldAsync(ShardWriter writer, JobState state, DateTimeOffset at, string? sha256, int shard = 1)
    {
        var job = NewJob(shard);
        var from = writer[shard].Head;
        await writer.CommitAsync(Entry(job) with
        {
            Artifacts = sha256 is null ? [] : [new ArtifactContent(sha256, new byte[] { 1 })],
            References = sha256 is null ? [] : [sha256],
        });
        await ProjectAsync(job, state, at, from, from + 1);
        return job;
    }

    private async Task ProjectAsync(JobId job, JobState state, DateTimeOffset at, long from, long to)
    {
        var view = new JobView(job, "default", state, 1, "title", "repository", "main", "branch", "mock", 0, 0, 1, null, null, null, null, at.AddDays(-1), at);
        (await Store.Jobs.ProjectAsync([new ShardProjection(job.Shard, from, to, [view])], Token)).ShouldBeEmpty();
    }
}
