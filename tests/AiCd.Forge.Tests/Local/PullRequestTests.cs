using AiCd.Actors.Jobs.Payloads;
using AiCd.Actors.Ports;
using AiCd.Forge.Local;

namespace AiCd.Forge.Tests.Local;

public sealed class PullRequestTests : LocalForgeFixture
{
    [Fact]
    public async Task A_pull_request_is_kept_in_the_repository_and_can_be_read_with_git()
    {
        await PushAsync(Draft);
        (await Forge.Forge.FindPullRequestAsync(Draft, Cancel)).ShouldBeNull();

        var opened = await Forge.Forge.OpenPullRequestAsync(Draft with { Title = " Add\nan  ä ", Body = "Line 1\nLine 2 \"quoted\" 🚀" }, Cancel);

        opened.ShouldBe(new PullRequestRef(1, $"file://{Source.Location}#refs/aicd/pulls/1", BranchName, Commit.Change.CommitSha));
        (await Forge.Forge.FindPullRequestAsync(Draft, Cancel)).ShouldBe(opened);
        var shown = await Source.GitAsync(["show", "refs/aicd/pulls/1"], Cancel);
        shown.ShouldContain("\"title\": \"Add an ä\"");
        shown.ShouldContain("\"state\": \"open\"");
        var read = (await Forge.PullRequests.FindAsync(Source.Location, 1, Cancel)).ShouldNotBeNull();
        read.ShouldSatisfyAllConditions(
            pull => pull.Job.ShouldBe(Job.Value),
            pull => pull.BaseBranch.ShouldBe("main"),
            pull => pull.BaseSha.ShouldBe(Commit.Change.BaseSha),
            pull => pull.Author.ShouldBe("AiCd <aicd@localhost>"),
            pull => pull.Body.ShouldBe("Line 1\nLine 2 \"quoted\" 🚀"),
            pull => (pull.FilesChanged, pull.Insertions, pull.Deletions).ShouldBe((1, 2, 0)),
            pull => pull.CreatedAt.ShouldBe(Clock.GetUtcNow()));
        (await Forge.PullRequests.DiffStatAsync(Source.Location, read, Cancel)).ShouldContain("1 file changed, 2 insertions(+)");
        (await Forge.PullRequests.FindAsync(Source.Location, 2, Cancel)).ShouldBeNull();
    }

    [Fact]
    public async Task The_labels_of_a_pull_request_are_kept_with_it_and_one_without_has_none()
    {
        await Forge.Forge.OpenPullRequestAsync(Draft with { Labels = ["bot", "needs docs"] }, Cancel);
        await Forge.Forge.OpenPullRequestAsync(Draft with { Branch = "aicd/other", Labels = [] }, Cancel);

        (await Forge.PullRequests.FindAsync(Source.Location, 1, Cancel)).ShouldNotBeNull().Labels.ShouldBe(["bot", "needs docs"]);
        (await Forge.PullRequests.FindAsync(Source.Location, 2, Cancel)).ShouldNotBeNull().Labels.ShouldBeNull();
        (await Source.GitAsync(["show", "refs/aicd/pulls/2"], Cancel)).ShouldNotContain("labels");
    }

    [Fact]
    public async Task Opening_a_pull_request_again_adopts_the_one_that_is_there()
    {
        var first = await Forge.Forge.OpenPullRequestAsync(Draft, Cancel);
        using var other = new TestForge();

        (await other.Forge.OpenPullRequestAsync(Draft with { Title = "Another" }, Cancel)).ShouldBe(first);

        (await Forge.PullRequests.ListAsync(Source.Location, Cancel)).ShouldHaveSingleItem().Title.ShouldBe("Change things");
    }

    [Fact]
    public async Task Closing_is_done_once_and_a_closed_pull_request_is_still_found()
    {
        var opened = await Forge.Forge.OpenPullRequestAsync(Draft, Cancel);

        await Forge.Forge.ClosePullRequestAsync(Draft, opened, Cancel);
        Clock.Advance(TimeSpan.FromHours(1));
        await Forge.Forge.ClosePullRequestAsync(Draft, opened, Cancel);

        var closed = (await Forge.PullRequests.ListAsync(Source.Location, Cancel)).ShouldHaveSingleItem();
        closed.State.ShouldBe(LocalPullRequestState.Closed);
        closed.UpdatedAt.ShouldBe(Clock.GetUtcNow() - TimeSpan.FromHours(1));
        (await Forge.Forge.FindPullRequestAsync(Draft, Cancel)).ShouldBe(opened);
        (await Forge.Forge.OpenPullRequestAsync(Draft, Cancel)).ShouldBe(opened);
        (await Forge.PullRequests.ListAsync(Source.Location, Cancel)).Single().State.ShouldBe(LocalPullRequestState.Closed);
    }

    [Fact]
    public async Task Closing_a_pull_request_of_another_branch_is_not_done()
    {
        var opened = await Forge.Forge.OpenPullRequestAsync(Draft, Cancel);

        await Forge.Forge.ClosePullRequestAsync(Draft with { Branch = "aicd/other" }, opened, Cancel);
        await Forge.Forge.ClosePullRequestAsync(Draft, opened with { Number = 7 }, Cancel);

        (await Forge.PullRequests.ListAsync(Source.Location, Cancel)).Single().State.ShouldBe(LocalPullRequestState.Open);
    }

    [Fact]
    public async Task A_linkedJob_reopens_the_pull_request_of_its_branch_with_its_ownCommit()
    {
        var first = await Forge.Forge.OpenPullRequestAsync(Draft, Cancel);
        await Forge.Forge.ClosePullRequestAsync(Draft, first, Cancel);
        var linked = TestForge.NewJob();
        var commit = await Forge.CommitAsync(Source, linked, new FileChange("b", "1\n"));

        var draft = TestForge.Draft(Source, linked, commit.Change, BranchName);
        (await Forge.Forge.FindPullRequestAsync(draft, Cancel)).ShouldBeNull();
        var second = await Forge.Forge.OpenPullRequestAsync(draft, Cancel);

        (await Forge.Forge.FindPullRequestAsync(draft, Cancel)).ShouldBe(second);
        second.ShouldBe(first with { HeadSha = commit.Change.CommitSha });
        (await Forge.PullRequests.ListAsync(Source.Location, Cancel)).ShouldHaveSingleItem().State.ShouldBe(LocalPullRequestState.Open);
    }

    [Fact]
    public async Task A_pull_request_counts_as_merged_once_itsCommit_is_in_the_base_branch()
    {
        await PushAsync(Draft);
        await Forge.Forge.OpenPullRequestAsync(Draft, Cancel);

        await Source.GitAsync(["merge", "--quiet", "--no-edit", "--no-ff", BranchName], Cancel);

        (await Forge.PullRequests.ListAsync(Source.Location, Cancel)).Single().State.ShouldBe(LocalPullRequestState.Merged);
    }

    [Fact]
    public async Task Numbers_follow_each_other_and_survive_packing_and_gaps()
    {
        for (var i = 1; i <= 3; i++)
        {
            (await Forge.Forge.OpenPullRequestAsync(Draft with { Branch = $"aicd/{i}" }, Cancel)).Number.ShouldBe(i);
        }

        await Source.GitAsync(["pack-refs", "--all"], Cancel);
        await Source.GitAsync(["update-ref", "-d", "refs/aicd/pulls/2"], Cancel);

        (await Forge.Forge.OpenPullRequestAsync(Draft with { Branch = "aicd/1" }, Cancel)).Number.ShouldBe(1);
        (await Forge.Forge.OpenPullRequestAsync(Draft with { Branch = "aicd/4" }, Cancel)).Number.ShouldBe(4);
        (await Forge.PullRequests.ListAsync(Source.Location, Cancel)).Select(pull => pull.Number).ShouldBe([1, 3, 4]);
    }

    [Fact]
    public async Task A_ref_that_holds_no_pull_request_is_named()
    {
        await Source.GitAsync(["update-ref", "refs/aicd/pulls/1", "main:README.md"], Cancel);

        var refusal = await Expect.RefusalAsync(FaultKind.Permanent, "pull_request_unreadable", () => Forge.Forge.FindPullRequestAsync(Draft, Cancel));
        refusal.Message.ShouldContain("refs/aicd/pulls/1");
    }

    [Fact]
    public async Task A_lock_that_a_killed_git_left_on_a_pull_request_stands_in_the_way_for_a_minute_at_most()
    {
        var file = Path.Combine(Source.Location, ".git", "refs", "aicd", "pulls", "1.lock");
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        await File.WriteAllTextAsync(file, "", Cancel);
        File.SetLastWriteTimeUtc(file, Clock.GetUtcNow().UtcDateTime);

        await Expect.RefusalAsync(FaultKind.Transient, "git_locked", () => Forge.Forge.OpenPullRequestAsync(Draft, Cancel));
        File.Exists(file).ShouldBeTrue();
        Clock.Advance(TimeSpan.FromMinutes(2));
        await Expect.RefusalAsync(FaultKind.Transient, "git_locked", () => Forge.Forge.OpenPullRequestAsync(Draft, Cancel));

        (await Forge.Forge.OpenPullRequestAsync(Draft, Cancel)).Number.ShouldBe(1);
    }
}
