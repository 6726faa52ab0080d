using AiCd.Actors.Jobs;
using AiCd.Actors.Projections;
using static AiCd.Actors.Tests.Journal.ShardWriter;

namespace AiCd.Actors.Tests.Journal;

public abstract partial class StoreConformance
{
    [Fact]
    public async Task A_job_reads_as_it_was_projected_and_changes_with_the_next_projection()
    {
        var bare = View(NewJob(1));
        var full = bare with
        {
            State = JobState.Failed,
            Seq = 12,
            Title = "It's \"odd\" 🚀",
            Attempt = 2,
            Round = 3,
            PullRequestNumber = 7,
            PullRequestUrl = "https://example.org/pull/7",
            FailureCode = "agent_failed",
            FailureMessage = "It said: 'no'\nand stopped",
            UpdatedAt = bare.UpdatedAt.AddMilliseconds(1234),
        };

        await ProjectAsync(new ShardProjection(1, 0, 1, [bare]));
        var first = await Store.Jobs.FindAsync("default", bare.Id, Token);
        await ProjectAsync(new ShardProjection(1, 1, 12, [full]));

        first.ShouldBe(bare);
        (await Store.Jobs.FindAsync("default", bare.Id, Token)).ShouldBe(full);
        (await Store.Jobs.FindAsync("acme", bare.Id, Token)).ShouldBeNull();
        (await Store.Jobs.FindAsync("default", NewJob(1), Token)).ShouldBeNull();
    }

    [Fact]
    public async Task A_projection_from_a_cursor_that_stands_elsewhere_is_refused_and_the_others_are_written()
    {
        var (stale, good) = (View(NewJob(1)), View(NewJob(2)));
        await ProjectAsync(new ShardProjection(1, 0, 5, [stale with { Seq = 5 }]));

        var refused = await Store.Jobs.ProjectAsync(
            [new ShardProjection(2, 0, 1, [good]), new ShardProjection(1, 0, 1, [stale]), new ShardProjection(3, 4, 5, [View(NewJob(3))])], Token);

        refused.ShouldBe([1, 3], ignoreOrder: true);
        (await Store.Jobs.FindAsync("default", stale.Id, Token))!.Seq.ShouldBe(5);
        (await Store.Jobs.FindAsync("default", good.Id, Token)).ShouldBe(good);
        (await Store.Jobs.ReadCursorsAsync([1, 2, 3, 4], Token)).ShouldBe(
            new Dictionary<int, long> { [1] = 5, [2] = 1, [3] = 0, [4] = 0 }, ignoreOrder: true);
    }

    [Fact]
    public async Task Of_two_projections_at_once_from_one_cursor_exactly_one_is_written()
    {
        for (var round = 0; round < 20; round++)
        {
            var views = new[] { View(NewJob(1)), View(NewJob(1)) };

            var refused = await Task.WhenAll(views.Select(view => Store.Jobs.ProjectAsync([new ShardProjection(1, round, round + 1, [view])], Token)));

            refused.Sum(shards => shards.Count).ShouldBe(1);
            var written = await Store.Jobs.ListAsync("default", state: null, before: null, limit: 100, Token);
            written.Count.ShouldBe(round + 1);
        }
    }

    [Fact]
    public async Task Cursors_and_jobs_are_there_after_the_store_was_closed_and_opened()
    {
        var view = View(NewJob(1));
        await ProjectAsync(new ShardProjection(1, 0, 3, [view]));

        await ReopenAsync();

        (await Store.Jobs.FindAsync("default", view.Id, Token)).ShouldBe(view);
        (await Store.Jobs.ReadCursorsAsync([1], Token))[1].ShouldBe(3);
    }

    [Fact]
    public async Task Jobs_are_listed_newest_first_in_pages_of_a_tenant_and_of_a_state()
    {
        var views = Enumerable.Range(0, 10).Select(i => View(NewJob(1)) with { State = i % 2 == 0 ? JobState.Coding : JobState.Queued }).ToArray();
        await ProjectAsync(new ShardProjection(1, 0, 10, views), new ShardProjection(2, 0, 1, [View(NewJob(2)) with { Tenant = "acme" }]));
        var newest = views.Reverse().ToArray();

        (await ListAsync(null, null, 100)).ShouldBe(newest);
        (await ListAsync(null, null, 3)).ShouldBe(newest[..3]);
        (await ListAsync(null, newest[2].Id, 3)).ShouldBe(newest[3..6]);
        (await ListAsync(null, newest[9].Id, 3)).ShouldBeEmpty();
        (await ListAsync(JobState.Coding, null, 2)).ShouldBe([newest[1], newest[3]]);
        (await ListAsync(JobState.Coding, newest[3].Id, 10)).ShouldBe([newest[5], newest[7], newest[9]]);
        (await ListAsync(JobState.Failed, null, 10)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Jobs_are_counted_by_state_and_tenant()
    {
        var job = View(NewJob(1));
        await ProjectAsync(new ShardProjection(
            1, 0, 4, [job, View(NewJob(1)), View(NewJob(1)) with { State = JobState.PrOpen }, View(NewJob(1)) with { Tenant = "acme" }]));
        await ProjectAsync(new ShardProjection(1, 4, 5, [job with { State = JobState.Planning }]));

        (await Store.Jobs.CountAsync("default", Token)).ShouldBe(
            new Dictionary<JobState, long> { [JobState.Queued] = 1, [JobState.Planning] = 1, [JobState.PrOpen] = 1 }, ignoreOrder: true);
        (await Store.Jobs.CountAsync("nobody", Token)).ShouldBeEmpty();
    }

    private async Task ProjectAsync(params ShardProjection[] projections) =>
        (await Store.Jobs.ProjectAsync(projections, Token)).ShouldBeEmpty();

    private Task<IReadOnlyList<JobView>> ListAsync(JobState? state, JobId? before, int limit) =>
        Store.Jobs.ListAsync("default", state, before, limit, Token);

    private static JobView View(JobId id) => new(
        id,
        "default",
        JobState.Queued,
        Seq: 1,
        Title: "Fix the parser",
        Repository: "acme/app",
        BaseBranch: "main",
        Branch: "aicd/x-fix",
        Agent: "mock",
        Priority: 5,
        Attempt: 0,
        Round: 1,
        PullRequestNumber: null,
        PullRequestUrl: null,
        FailureCode: null,
        FailureMessage: null,
        SubmittedAt: new DateTimeOffset(2030, 1, 2, 3, 4, 5, 678, TimeSpan.Zero),
        UpdatedAt: new DateTimeOffset(2030, 1, 2, 3, 4, 6, TimeSpan.Zero));
}
