using AiCd.Actors.Jobs;
using AiCd.Actors.Journal;
using AiCd.Actors.Projections;
using static AiCd.Actors.Tests.Journal.ShardWriter;

namespace AiCd.Actors.Tests.Journal;

public abstract partial class StoreConformance
{
    private static readonly DateTimeOffset Noon = new(2030, 1, 2, 12, 0, 0, TimeSpan.Zero);

    private static uint _number;

    [Fact]
    public async Task Everything_that_is_shown_of_a_job_is_kept()
    {
        var view = Found(0) with
        {
            Url = "https://example.org/1",
            By = "key:ci",
            Parent = NewJob(3),
            ParentKind = JobLinkKind.Fork,
            LabelLines = "bug\nbig deal",
            Hold = "approval",
            BudgetMicros = 5_000_000_000,
            CostMicros = 7,
            EndedAt = Noon.AddMilliseconds(3),
            Times = new StageTimes(1, 2, 3, 4),
        };

        await ProjectAsync(new ShardProjection(1, 0, 1, [view]));

        (await Store.Queries.FindAsync("default", view.Id, Token)).ShouldBe(view);
        (await Store.Queries.FindAsync("acme", view.Id, Token)).ShouldBeNull();
        view.Labels.ShouldBe(["bug", "big deal"]);
    }

    [Fact]
    public async Task Jobs_are_found_by_every_condition_and_by_all_of_them_together()
    {
        JobView[] views =
        [
            Found(0) with { Title = "Fix the Parser's bug", LabelLines = "bug\nO'Hara \\ co" },
            Found(1) with { Title = "Write docs", State = JobState.Coding, Repository = "file:///srv/git/Shop" },
            Found(2) with { Title = "Parse dates", State = JobState.Failed, LabelLines = "bug", EndedAt = Noon },
            Found(3) with { Title = "Parser, again", Hold = "approval", LabelLines = "debug" },
        ];
        await ProjectAsync(new ShardProjection(1, 0, 4, views), new ShardProjection(2, 0, 1, [Found(4) with { Tenant = "acme", Title = "Parser", LabelLines = "bug" }]));

        (await FindAsync(new JobFilter(Words: ["parser"]))).ShouldBe([3, 0]);
        (await FindAsync(new JobFilter(Words: ["pars"]))).ShouldBe([3, 2, 0]);
        (await FindAsync(new JobFilter(Words: ["arser"]))).ShouldBeEmpty();
        (await FindAsync(new JobFilter(Words: ["pars", "bug"]))).ShouldBe([0]);
        (await FindAsync(new JobFilter(Words: ["shop"]))).ShouldBe([1]);
        (await FindAsync(new JobFilter(Words: [views[2].Id.Value]))).ShouldBe([2]);
        (await FindAsync(new JobFilter(Label: "bug"))).ShouldBe([2, 0]);
        (await FindAsync(new JobFilter(Label: "O'Hara \\ co"))).ShouldBe([0]);
        (await FindAsync(new JobFilter(Label: "bu"))).ShouldBeEmpty();
        (await FindAsync(new JobFilter(Label: "bug", Words: ["fix"], States: [JobState.Queued]))).ShouldBe([0]);
        (await FindAsync(new JobFilter(Words: ["pars"], Hold: "approval", Repository: "acme/app"))).ShouldBe([3]);
        (await FindAsync(new JobFilter(States: [JobState.Coding, JobState.Failed]))).ShouldBe([2, 1]);
        (await FindAsync(new JobFilter(States: [JobState.Coding]))).ShouldBe([1]);
        (await FindAsync(new JobFilter(Repository: "file:///srv/git/Shop"))).ShouldBe([1]);
        (await FindAsync(new JobFilter(Repository: "file:///srv/git/shop"))).ShouldBeEmpty();
        (await FindAsync(new JobFilter(Hold: "approval"))).ShouldBe([3]);
        (await FindAsync(new JobFilter(From: Noon.AddMinutes(1), To: Noon.AddMinutes(3)))).ShouldBe([2, 1]);
        (await FindAsync(new JobFilter(Words: ["pars"], From: Noon.AddMinutes(1)))).ShouldBe([3, 2]);
        (await Store.Queries.CountAsync("default", new JobFilter(Words: ["pars"]), 100, Token)).ShouldBe(3);
        (await Store.Queries.CountAsync("default", JobFilter.All, 2, Token)).ShouldBe(2);
        (await Store.Queries.CountAsync("nobody", new JobFilter(Words: ["pars"]), 2, Token)).ShouldBe(0);

        async Task<int[]> FindAsync(JobFilter filter)
        {
            var found = await Store.Queries.ListAsync("default", new JobListQuery(filter, JobSort.Newest, null, 100), Token);
            return [.. found.Select(view => Array.FindIndex(views, known => known.Id == view.Id))];
        }
    }

    [Theory]
    [InlineData(JobSort.Newest, null)]
    [InlineData(JobSort.Oldest, null)]
    [InlineData(JobSort.LastEnded, null)]
    [InlineData(JobSort.Newest, "fix")]
    [InlineData(JobSort.Oldest, "fix")]
    [InlineData(JobSort.LastEnded, "fix")]
    [InlineData(JobSort.HighestPriority, null)]
    [InlineData(JobSort.HighestPriority, "fix")]
    [InlineData(JobSort.LowestPriority, null)]
    [InlineData(JobSort.LowestPriority, "fix")]
    [InlineData(JobSort.LastMoved, null)]
    [InlineData(JobSort.LastMoved, "fix")]
    [InlineData(JobSort.FirstMoved, null)]
    [InlineData(JobSort.FirstMoved, "fix")]
    public async Task Pages_have_every_job_once_while_others_arrive(JobSort sort, string? word)
    {
        var moves = sort is JobSort.LastMoved or JobSort.FirstMoved;
        var views = Enumerable.Range(0, 25).Select(i => Found(i) with { Priority = (i * 7 % 5) - 2, UpdatedAt = Noon.AddSeconds(i * 3 % 7) }).ToArray();
        views = [.. views.Select((view, i) => moves && i % 3 == 0 ? view : view with { EndedAt = Noon.AddSeconds(i * 7 % 5), State = JobState.Completed })];
        await ProjectAsync(new ShardProjection(1, 0, 25, views));
        var seen = new List<JobView>();
        var filter = new JobFilter(Repository: sort is JobSort.Oldest or JobSort.LowestPriority or JobSort.FirstMoved ? "acme/app" : null, Words: word is null ? null : [word]);
        for (JobPlace? after = null; ; after = JobPlace.Of(seen[^1], sort))
        {
            var page = await Store.Queries.ListAsync("default", new JobListQuery(filter, sort, after, 4), Token);
            seen.AddRange(page);
            if (page.Count < 4)
            {
                break;
            }

            if (seen.Count < 20)
            {
                await ProjectAsync(new ShardProjection(2, seen.Count - 4, seen.Count, [Found(100) with { EndedAt = Noon.AddHours(1) }]));
            }
        }

        seen.Select(view => view.Id).ShouldBeUnique();
        views.Select(view => view.Id).Except(seen.Select(view => view.Id)).ShouldBeEmpty();
        var own = seen.Where(view => views.Contains(view)).ToList();
        own.ShouldBe(sort switch
        {
            JobSort.Newest => own.OrderByDescending(view => view.Id).ToList(),
            JobSort.Oldest => own.OrderBy(view => view.Id).ToList(),
            JobSort.LastEnded => own.OrderByDescending(view => view.EndedAt).ThenByDescending(view => view.Id).ToList(),
            JobSort.HighestPriority => own.OrderByDescending(view => view.Priority).ThenByDescending(view => view.Id).ToList(),
            JobSort.LowestPriority => own.OrderBy(view => view.Priority).ThenBy(view => view.Id).ToList(),
            JobSort.LastMoved => own.OrderByDescending(view => view.MovedAt).ThenByDescending(view => view.Id).ToList(),
            _ => own.OrderBy(view => view.MovedAt).ThenBy(view => view.Id).ToList(),
        });
    }

    [Fact]
    public async Task What_is_searched_follows_an_issue_that_is_rewritten()
    {
        var view = Found(0) with { Title = "Old words" };
        await ProjectAsync(new ShardProjection(1, 0, 1, [view]));

        await ProjectAsync(new ShardProjection(1, 1, 2, [view with { Title = "New words", Seq = 2 }]));

        (await Store.Queries.CountAsync("default", new JobFilter(Words: ["old"]), 10, Token)).ShouldBe(0);
        (await Store.Queries.CountAsync("default", new JobFilter(Words: ["new"]), 10, Token)).ShouldBe(1);
    }

    [Fact]
    public async Task A_job_that_only_moves_on_is_found_by_the_words_it_had()
    {
        var (moving, other) = (Found(0) with { Title = "Old words" }, Found(1) with { Title = "Old ones" });
        await ProjectAsync(new ShardProjection(1, 0, 1, [moving]));

        await ProjectAsync(new ShardProjection(
            1, 1, 3, [moving with { State = JobState.Coding, Seq = 2 }, other], FoundAsBefore: new HashSet<JobId> { moving.Id }));

        (await Store.Queries.CountAsync("default", new JobFilter(Words: ["old"]), 10, Token)).ShouldBe(2);
        (await Store.Queries.CountAsync("default", new JobFilter(Words: ["words"], States: [JobState.Coding]), 10, Token)).ShouldBe(1);
    }

    [Fact]
    public async Task The_figures_of_a_tenant_are_its_own()
    {
        await ProjectAsync(
            new ShardProjection(1, 0, 5,
            [
                Found(0) with { State = JobState.Completed, EndedAt = Noon.AddHours(1), CostMicros = 10, Times = new StageTimes(100, 1_000, 0, 50) },
                Found(1) with { State = JobState.Failed, EndedAt = Noon.AddHours(1), CostMicros = 5, Times = new StageTimes(200, 0, 0, 0) },
                Found(2) with { State = JobState.Completed, EndedAt = Noon.AddHours(-1), CostMicros = 1_000, Times = new StageTimes(9_000, 1, 1, 1) },
                Found(3) with { Hold = "budget", State = JobState.Coding },
                Found(4) with { Hold = "approval", State = JobState.Planning },
            ]),
            new ShardProjection(2, 0, 1, [Found(5) with { Tenant = "acme", State = JobState.Completed, EndedAt = Noon.AddHours(1), CostMicros = 9 }]));

        var stats = await Store.Queries.StatsAsync("default", Noon.AddMinutes(2), Token);

        stats.ByState.ShouldBe(
            new Dictionary<JobState, long> { [JobState.Completed] = 2, [JobState.Failed] = 1, [JobState.Coding] = 1, [JobState.Planning] = 1 }, ignoreOrder: true);
        stats.ByHold.ShouldBe(new Dictionary<string, long> { ["approval"] = 1, ["budget"] = 1 }, ignoreOrder: true);
        stats.Submitted.ShouldBe(3);
        stats.Ended.ShouldBe(new Dictionary<JobState, long> { [JobState.Completed] = 1, [JobState.Failed] = 1 }, ignoreOrder: true);
        stats.CostMicros.ShouldBe(15);
        (await Store.Queries.CostAsync("default", Noon.AddMinutes(2), Token)).ShouldBe(15);
        (await Store.Queries.CostAsync("default", Noon.AddHours(-2), Token)).ShouldBe(1_015);
        (await Store.Queries.CostAsync("nobody", Noon, Token)).ShouldBe(0);
        stats.Durations.ShouldBe(
        [
            new StageDuration(Stage.Planning, 2, 150, 195), new StageDuration(Stage.Coding, 1, 1_000, 1_000),
            new StageDuration(Stage.Reviewing, 0, null, null), new StageDuration(Stage.PrOpen, 1, 50, 50),
        ]);
        (await Store.Queries.StatsAsync("nobody", Noon, Token)).ByState.ShouldBeEmpty();
    }

    [Fact]
    public async Task Events_are_read_of_the_tenants_own_jobs_and_tails_of_all_shards()
    {
        var writer = await JoinAsync(Store, 1, 2);
        var (mine, theirs) = (NewJob(1), NewJob(2));
        await writer.AppendAsync(
            new AppendEntry(mine, "default", 1, 0, [Event(), Event("START_PLANNING"), Event("PLAN_SUCCEEDED")]), new AppendEntry(theirs, "acme", 1, 0, [Event()]));

        (await Store.Queries.EventsAsync("default", mine, 1, 1, Token)).Select(row => (row.Seq, row.Event)).ShouldBe([(2, "START_PLANNING")]);
        (await Store.Queries.EventsAsync("default", mine, 0, 10, Token)).Count.ShouldBe(3);
        (await Store.Queries.EventsAsync("default", theirs, 0, 10, Token)).ShouldBeEmpty();
        var tail = await Store.Queries.TailAsync(new Dictionary<int, long> { [1] = 1, [2] = 0, [3] = 0 }, 1, Token);
        tail.Select(row => (row.Shard, row.ShardSeq, row.Job)).ShouldBe([(1, 2, mine), (2, 1, theirs)], ignoreOrder: true);
    }

    private static JobView Found(int minute)
    {
        var at = Noon.AddMinutes(minute);
        return View(JobId.Create(at, 1, Interlocked.Increment(ref _number))) with { SubmittedAt = at, Title = "Fix it" };
    }
}
