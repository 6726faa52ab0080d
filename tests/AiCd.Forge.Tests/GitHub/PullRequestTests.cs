using AiCd.Actors.Ports;
using AiCd.Testing.GitHub;

namespace AiCd.Forge.Tests.GitHub;

public sealed class PullRequestTests : GitHubFixture
{
    private static bool Creates(RecordedRequest request) => request is { Method: "POST", Path: "repos/acme/app/pulls" };

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_commit_is_pushed_and_a_pull_request_opened(bool asApp)
    {
        var node = asApp ? App() : WithToken();
        var issue = GitHub.AddIssue(Repository, "Wanted", "Please", Person);
        var job = NewJob();

        var (draft, opened) = await node.OpenAsync(Repository, job, issue: $"{GitHub.WebUrl}acme/app/issues/{issue.Number}");

        var pull = Repository.Pulls.ShouldHaveSingleItem();
        opened.Number.ShouldBe(pull.Number);
        opened.Url.ShouldBe($"{GitHub.WebUrl}acme/app/pull/{pull.Number}");
        opened.HeadSha.ShouldBe(draft.Change.CommitSha);
        pull.Title.ShouldBe("Change things");
        pull.Body.ShouldContain("Because.");
        pull.Body.ShouldContain($"Closes #{issue.Number}\n");
        pull.Author.ShouldBe(asApp ? GitHub.App.Login : Person);
        (await Repository.Git.ResolveAsync(draft.Branch, Cancel)).ShouldBe(draft.Change.CommitSha);
        (await Repository.Git.ListBranchesAsync(Cancel)).ShouldBe([draft.Branch, "main"], ignoreOrder: true);
        (await node.Forge.FindBranchAsync(draft, Cancel)).ShouldBe(draft.Change.CommitSha);
        (await node.Forge.FindPullRequestAsync(draft, Cancel)).ShouldBe(opened);
    }

    [Fact]
    public async Task Opening_twice_gives_the_same_pull_request()
    {
        var node = App();
        var (draft, first) = await node.OpenAsync(Repository, NewJob());

        (await node.Forge.OpenPullRequestAsync(draft, Cancel)).ShouldBe(first);

        Repository.Pulls.Count.ShouldBe(1);
    }

    public static TheoryData<Fault> Doubts => [new Fault.Cut(After: true), new Fault.Cut(After: false), new Fault.Half(), new Fault.Answer(502, "Bad gateway"), new Fault.Answer(500, "")];

    [Theory]
    [MemberData(nameof(Doubts))]
    public async Task A_creation_whose_outcome_is_unknown_is_looked_for_before_it_is_tried_again(Fault fault)
    {
        GitHub.Plan(Creates, fault);

        await App().OpenAsync(Repository, NewJob());

        Repository.Pulls.Count.ShouldBe(1);
        GitHub.Requests.Count(Creates).ShouldBe(fault is Fault.Cut { After: true } or Fault.Half ? 1 : 2);
    }

    [Fact]
    public async Task A_refusal_because_it_exists_is_answered_by_adopting_it()
    {
        var node = App();
        var (draft, bundle) = await node.CommitAsync(Repository, NewJob());
        await node.Forge.PushAsync(draft, _ => Task.FromResult(bundle), Cancel);
        var trap = new Trap();
        GitHub.Plan(Creates, new Fault.Stop(trap, After: false));
        var late = Task.Run(() => node.Forge.OpenPullRequestAsync(draft, Cancel));
        await trap.Sprung.WaitAsync(Cancel);
        var early = await App().Forge.OpenPullRequestAsync(draft, Cancel);

        trap.Release();

        (await late).ShouldBe(early);
        Repository.Pulls.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Two_nodes_at_once_open_one()
    {
        var job = NewJob();
        var (first, second) = (App(), App());
        var (draft, bundle) = await first.CommitAsync(Repository, job);
        await first.Forge.PushAsync(draft, _ => Task.FromResult(bundle), Cancel);

        var opened = await Task.WhenAll(
            Task.Run(() => first.Forge.OpenPullRequestAsync(draft, Cancel)), Task.Run(() => second.Forge.OpenPullRequestAsync(draft, Cancel)));

        opened[0].ShouldBe(opened[1]);
        Repository.Pulls.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_linked_job_adopts_the_pull_request_of_its_branch_and_opens_a_closed_one_again()
    {
        var node = App();
        var (draft, first) = await node.OpenAsync(Repository, NewJob());
        await node.Forge.ClosePullRequestAsync(draft, first, Cancel);
        Repository.Pulls[0].State.ShouldBe("closed");
        var linked = NewJob();
        var later = draft with { Job = linked, Title = "Change more" };

        (await node.Forge.FindPullRequestAsync(later, Cancel)).ShouldBeNull();
        var second = await node.Forge.OpenPullRequestAsync(later, Cancel);

        second.Number.ShouldBe(first.Number);
        Repository.Pulls.ShouldHaveSingleItem().State.ShouldBe("open");
        Repository.Pulls[0].Title.ShouldBe("Change more");
        (await node.Forge.FindPullRequestAsync(later, Cancel)).ShouldNotBeNull();
        (await node.Forge.FindPullRequestAsync(draft, Cancel)).ShouldBeNull();
    }

    [Fact]
    public async Task A_merged_pull_request_stays_and_later_work_gets_one_of_its_own()
    {
        var node = App();
        var (draft, _) = await node.OpenAsync(Repository, NewJob());
        GitHub.Merge(Repository, Repository.Pulls[0]);

        var second = await node.Forge.OpenPullRequestAsync(draft with { Job = NewJob() }, Cancel);

        Repository.Pulls.Count.ShouldBe(2);
        second.Number.ShouldBe(Repository.Pulls[1].Number);
    }

    [Fact]
    public async Task Labels_reviewers_and_assignees_are_set_and_a_draft_is_one()
    {
        var node = App(("Draft", "true"), ("Labels:0", "bot"), ("Reviewers:0", "kim"), ("Reviewers:1", "acme/core"), ("Assignees:0", "lee"));
        var (draft, opened) = await node.OpenAsync(Repository, NewJob());

        draft = draft with { Labels = ["BOT", "from-base"] };
        (await node.Forge.AnnotateAsync(draft, opened, Cancel)).ShouldBeNull();
        (await node.Forge.AnnotateAsync(draft, opened, Cancel)).ShouldBeNull();

        var pull = Repository.Pulls.ShouldHaveSingleItem();
        pull.Draft.ShouldBeTrue();
        pull.Labels.ShouldBe(["bot", "from-base"]);
        pull.Assignees.ShouldBe(["lee"]);
        pull.Reviewers.ShouldContain("kim");
        GitHub.Requests.Last(request => request.Path.EndsWith("requested_reviewers", StringComparison.Ordinal)).Body.GetProperty("team_reviewers")[0].GetString().ShouldBe("core");
    }

    [Fact]
    public async Task Reviewers_that_github_refuses_are_told_of_and_cost_nothing()
    {
        var node = App(("Reviewers:0", "nobody"));
        var (draft, opened) = await node.OpenAsync(Repository, NewJob());
        GitHub.Plan(request => request.Path.EndsWith("requested_reviewers", StringComparison.Ordinal), new Fault.Answer(422, "Reviews may only be requested from collaborators."));

        (await node.Forge.AnnotateAsync(draft, opened, Cancel)).ShouldNotBeNull().ShouldContain("collaborators");
    }

    [Fact]
    public async Task Where_the_token_may_not_push_the_work_goes_through_a_fork()
    {
        Repository.Roles.Clear();
        var node = WithToken("stranger");

        var (draft, opened) = await node.OpenAsync(Repository, NewJob());

        var pull = Repository.Pulls.ShouldHaveSingleItem();
        pull.HeadRepository.FullName.ShouldBe("stranger/app");
        (await pull.HeadRepository.Git.ResolveAsync(draft.Branch, Cancel)).ShouldBe(draft.Change.CommitSha);
        (await Repository.Git.ListBranchesAsync(Cancel)).ShouldBe(["main"]);
        (await node.Forge.FindPullRequestAsync(draft, Cancel)).ShouldBe(opened);
        var (_, again) = await node.OpenAsync(Repository, NewJob());
        again.Number.ShouldNotBe(opened.Number);
        GitHub.Count("POST repos/{o}/{r}/forks").ShouldBe(1);
    }

    [Fact]
    public async Task A_fork_that_is_forbidden_is_a_clear_failure()
    {
        var node = WithToken("stranger", ("Fork", "false"));
        var (draft, bundle) = await node.CommitAsync(Repository, NewJob());

        await Expect.RefusalAsync(FaultKind.Permanent, "push_not_allowed", () => node.Forge.PushAsync(draft, _ => Task.FromResult(bundle), Cancel));
    }
}
