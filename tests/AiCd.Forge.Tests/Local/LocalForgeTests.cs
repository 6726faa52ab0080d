using AiCd.Actors.Jobs;
using AiCd.Actors.Jobs.Payloads;
using AiCd.Actors.Ports;
using AiCd.Forge.Local;
using AiCd.Testing;

namespace AiCd.Forge.Tests.Local;

public sealed class LocalForgeTests : IAsyncLifetime
{
    private readonly ManualTimeProvider _clock = new();
    private TestForge _forge = null!;
    private GitRepository _source = null!;
    private JobId _job;
    private WorkspaceCommit _commit = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private PullRequestDraft Draft => TestForge.Draft(_source, _job, _commit.Change);

    private string BranchName => Draft.Branch;

    public async ValueTask InitializeAsync()
    {
        _forge = new TestForge(_clock);
        _source = await GitRepository.CreateAsync(cancellationToken: Cancel);
        _job = TestForge.NewJob();
        _commit = await _forge.CommitAsync(_source, _job, new FileChange("a", "1\n2\n"));
    }

    public ValueTask DisposeAsync()
    {
        _source.Dispose();
        _forge.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_push_makes_the_branch_and_touches_nothing_else()
    {
        await _source.WriteFileAsync("README.md", "dirty", Cancel);
        var before = await StateAsync();

        (await _forge.Forge.FindBranchAsync(Draft, Cancel)).ShouldBeNull();
        await PushAsync(Draft);

        (await _forge.Forge.FindBranchAsync(Draft, Cancel)).ShouldBe(_commit.Change.CommitSha);
        (await _source.ResolveAsync(BranchName, Cancel)).ShouldBe(_commit.Change.CommitSha);
        (await StateAsync()).ShouldBe(before);
        (await File.ReadAllTextAsync(Path.Combine(_source.Location, "README.md"), Cancel)).ShouldBe("dirty");

        async Task<string> StateAsync() => await _source.GitAsync(["--no-optional-locks", "status", "--porcelain", "--branch"], Cancel)
            + string.Join(' ', (await _source.ListBranchesAsync(Cancel)).Where(branch => branch != BranchName));
    }

    [Fact]
    public async Task A_push_into_a_bare_repository_works_as_well()
    {
        using var bare = await _source.CloneBareAsync(Cancel);
        var commit = await _forge.CommitAsync(bare, _job, new FileChange("a", "1\n"));
        var draft = TestForge.Draft(bare, _job, commit.Change);

        await _forge.Forge.PushAsync(draft, _ => Task.FromResult(commit.Bundle), Cancel);
        var pullRequest = await _forge.Forge.OpenPullRequestAsync(draft, Cancel);

        (await bare.ResolveAsync(draft.Branch, Cancel)).ShouldBe(commit.Change.CommitSha);
        pullRequest.Number.ShouldBe(1);
    }

    [Fact]
    public async Task A_push_that_was_done_already_does_nothing()
    {
        await PushAsync(Draft);

        await _forge.Forge.PushAsync(Draft, _ => throw new InvalidOperationException("The bundle is not needed"), Cancel);

        (await _source.ResolveAsync(BranchName, Cancel)).ShouldBe(_commit.Change.CommitSha);
    }

    [Fact]
    public async Task A_node_that_never_saw_the_commit_pushes_it_from_the_bundle()
    {
        using var other = new TestForge();

        await other.Forge.PushAsync(Draft, _ => Task.FromResult(_commit.Bundle), Cancel);

        (await _source.ListFilesAsync(BranchName, Cancel)).ShouldBe(["README.md", "a"], ignoreOrder: true);
        await other.Workspaces.RemoveAsync(_job, Cancel);
        Directory.GetDirectories(Path.Combine(other.DataFolder, "worktrees")).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_push_succeeds_after_the_base_branch_was_rewound()
    {
        await _source.GitAsync(["commit", "--quiet", "--amend", "--message", "Rewrite history"], Cancel);

        await PushAsync(Draft);

        (await _source.ResolveAsync(BranchName + "^", Cancel)).ShouldBe(_commit.Change.BaseSha);
    }

    [Fact]
    public async Task A_branch_that_is_checked_out_is_not_moved()
    {
        await PushAsync(Draft);
        await _source.CheckoutAsync(BranchName, Cancel);
        var other = await _forge.CommitAsync(_source, _job, new FileChange("b", "1\n"));

        var refusal = await Expect.RefusalAsync(FaultKind.Permanent, "branch_checked_out", () => PushAsync(Draft with { Change = other.Change }));

        refusal.Message.ShouldContain(_source.Location);
        (await _source.ResolveAsync(BranchName, Cancel)).ShouldBe(_commit.Change.CommitSha);
    }

    [Fact]
    public async Task A_branch_on_which_a_person_committed_is_not_overwritten()
    {
        await _source.CreateBranchAsync(BranchName, cancellationToken: Cancel);

        var refusal = await Expect.RefusalAsync(FaultKind.Permanent, "branch_taken", () => PushAsync(Draft));

        refusal.Message.ShouldContain(GitRepository.AuthorName);
    }

    [Fact]
    public async Task A_branch_that_stands_for_another_is_not_written_through()
    {
        await _source.CreateBranchAsync("precious", cancellationToken: Cancel);
        await _source.GitAsync(["symbolic-ref", "refs/heads/" + BranchName, "refs/heads/precious"], Cancel);

        await Expect.RefusalAsync(FaultKind.Permanent, "branch_taken", () => PushAsync(Draft));

        (await _source.ResolveAsync("precious", Cancel)).ShouldBe(await _source.ResolveAsync("main", Cancel));
    }

    [Fact]
    public async Task A_linked_job_replaces_the_commit_that_the_earlier_job_left_on_the_branch()
    {
        await PushAsync(Draft);
        var linked = TestForge.NewJob();
        var commit = await _forge.CommitAsync(_source, linked, new FileChange("b", "1\n"));

        await _forge.Forge.PushAsync(TestForge.Draft(_source, linked, commit.Change, BranchName), _ => Task.FromResult(commit.Bundle), Cancel);

        (await _source.ResolveAsync(BranchName, Cancel)).ShouldBe(commit.Change.CommitSha);
    }

    [Theory]
    [InlineData("main")]
    [InlineData("a..b")]
    [InlineData("a b")]
    [InlineData("x:refs/heads/main")]
    [InlineData("../heads/main")]
    [InlineData("a*")]
    [InlineData("")]
    public async Task A_branch_that_cannot_be_the_jobs_own_is_refused(string branch)
    {
        var main = await _source.ResolveAsync("main", Cancel);

        await Expect.RefusalAsync(FaultKind.Permanent, "branch_invalid", () => PushAsync(Draft with { Branch = branch }));

        (await _source.ResolveAsync("main", Cancel)).ShouldBe(main);
    }

    [Fact]
    public async Task A_pull_request_is_kept_in_the_repository_and_can_be_read_with_git()
    {
        await PushAsync(Draft);
        (await _forge.Forge.FindPullRequestAsync(Draft, Cancel)).ShouldBeNull();

        var opened = await _forge.Forge.OpenPullRequestAsync(Draft with { Title = " Add\nan  ä ", Body = "Line 1\nLine 2 \"quoted\" 🚀" }, Cancel);

        opened.ShouldBe(new PullRequestRef(1, $"file://{_source.Location}#refs/aicd/pulls/1", BranchName, _commit.Change.CommitSha));
        (await _forge.Forge.FindPullRequestAsync(Draft, Cancel)).ShouldBe(opened);
        var shown = await _source.GitAsync(["show", "refs/aicd/pulls/1"], Cancel);
        shown.ShouldContain("\"title\": \"Add an ä\"");
        shown.ShouldContain("\"state\": \"open\"");
        var read = (await _forge.PullRequests.FindAsync(_source.Location, 1, Cancel)).ShouldNotBeNull();
        read.ShouldSatisfyAllConditions(
            pull => pull.Job.ShouldBe(_job.Value),
            pull => pull.BaseBranch.ShouldBe("main"),
            pull => pull.BaseSha.ShouldBe(_commit.Change.BaseSha),
            pull => pull.Author.ShouldBe("AiCd <aicd@localhost>"),
            pull => pull.Body.ShouldBe("Line 1\nLine 2 \"quoted\" 🚀"),
            pull => (pull.FilesChanged, pull.Insertions, pull.Deletions).ShouldBe((1, 2, 0)),
            pull => pull.CreatedAt.ShouldBe(_clock.GetUtcNow()));
        (await _forge.PullRequests.DiffStatAsync(_source.Location, read, Cancel)).ShouldContain("1 file changed, 2 insertions(+)");
        (await _forge.PullRequests.FindAsync(_source.Location, 2, Cancel)).ShouldBeNull();
    }

    [Fact]
    public async Task Opening_a_pull_request_again_adopts_the_one_that_is_there()
    {
        var first = await _forge.Forge.OpenPullRequestAsync(Draft, Cancel);
        using var other = new TestForge();

        (await other.Forge.OpenPullRequestAsync(Draft with { Title = "Another" }, Cancel)).ShouldBe(first);

        (await _forge.PullRequests.ListAsync(_source.Location, Cancel)).ShouldHaveSingleItem().Title.ShouldBe("Change things");
    }

    [Fact]
    public async Task Closing_is_done_once_and_a_closed_pull_request_is_still_found()
    {
        var opened = await _forge.Forge.OpenPullRequestAsync(Draft, Cancel);

        await _forge.Forge.ClosePullRequestAsync(Draft, opened, Cancel);
        _clock.Advance(TimeSpan.FromHours(1));
        await _forge.Forge.ClosePullRequestAsync(Draft, opened, Cancel);

        var closed = (await _forge.PullRequests.ListAsync(_source.Location, Cancel)).ShouldHaveSingleItem();
        closed.State.ShouldBe(LocalPullRequestState.Closed);
        closed.UpdatedAt.ShouldBe(_clock.GetUtcNow() - TimeSpan.FromHours(1));
        (await _forge.Forge.FindPullRequestAsync(Draft, Cancel)).ShouldBe(opened);
        (await _forge.Forge.OpenPullRequestAsync(Draft, Cancel)).ShouldBe(opened);
        (await _forge.PullRequests.ListAsync(_source.Location, Cancel)).Single().State.ShouldBe(LocalPullRequestState.Closed);
    }

    [Fact]
    public async Task Closing_a_pull_request_of_another_branch_is_not_done()
    {
        var opened = await _forge.Forge.OpenPullRequestAsync(Draft, Cancel);

        await _forge.Forge.ClosePullRequestAsync(Draft with { Branch = "aicd/other" }, opened, Cancel);
        await _forge.Forge.ClosePullRequestAsync(Draft, opened with { Number = 7 }, Cancel);

        (await _forge.PullRequests.ListAsync(_source.Location, Cancel)).Single().State.ShouldBe(LocalPullRequestState.Open);
    }

    [Fact]
    public async Task A_linked_job_reopens_the_pull_request_of_its_branch_with_its_own_commit()
    {
        var first = await _forge.Forge.OpenPullRequestAsync(Draft, Cancel);
        await _forge.Forge.ClosePullRequestAsync(Draft, first, Cancel);
        var linked = TestForge.NewJob();
        var commit = await _forge.CommitAsync(_source, linked, new FileChange("b", "1\n"));

        var draft = TestForge.Draft(_source, linked, commit.Change, BranchName);
        (await _forge.Forge.FindPullRequestAsync(draft, Cancel)).ShouldBeNull();
        var second = await _forge.Forge.OpenPullRequestAsync(draft, Cancel);

        (await _forge.Forge.FindPullRequestAsync(draft, Cancel)).ShouldBe(second);
        second.ShouldBe(first with { HeadSha = commit.Change.CommitSha });
        (await _forge.PullRequests.ListAsync(_source.Location, Cancel)).ShouldHaveSingleItem().State.ShouldBe(LocalPullRequestState.Open);
    }

    [Fact]
    public async Task A_pull_request_counts_as_merged_once_its_commit_is_in_the_base_branch()
    {
        await PushAsync(Draft);
        await _forge.Forge.OpenPullRequestAsync(Draft, Cancel);

        await _source.GitAsync(["merge", "--quiet", "--no-edit", "--no-ff", BranchName], Cancel);

        (await _forge.PullRequests.ListAsync(_source.Location, Cancel)).Single().State.ShouldBe(LocalPullRequestState.Merged);
    }

    [Fact]
    public async Task Numbers_follow_each_other_and_survive_packing_and_gaps()
    {
        for (var i = 1; i <= 3; i++)
        {
            (await _forge.Forge.OpenPullRequestAsync(Draft with { Branch = $"aicd/{i}" }, Cancel)).Number.ShouldBe(i);
        }

        await _source.GitAsync(["pack-refs", "--all"], Cancel);
        await _source.GitAsync(["update-ref", "-d", "refs/aicd/pulls/2"], Cancel);

        (await _forge.Forge.OpenPullRequestAsync(Draft with { Branch = "aicd/1" }, Cancel)).Number.ShouldBe(1);
        (await _forge.Forge.OpenPullRequestAsync(Draft with { Branch = "aicd/4" }, Cancel)).Number.ShouldBe(4);
        (await _forge.PullRequests.ListAsync(_source.Location, Cancel)).Select(pull => pull.Number).ShouldBe([1, 3, 4]);
    }

    [Fact]
    public async Task A_ref_that_holds_no_pull_request_is_named()
    {
        await _source.GitAsync(["update-ref", "refs/aicd/pulls/1", "main:README.md"], Cancel);

        var refusal = await Expect.RefusalAsync(FaultKind.Permanent, "pull_request_unreadable", () => _forge.Forge.FindPullRequestAsync(Draft, Cancel));
        refusal.Message.ShouldContain("refs/aicd/pulls/1");
    }

    [Fact]
    public async Task A_lock_that_a_killed_git_left_on_a_pull_request_stands_in_the_way_for_a_minute_at_most()
    {
        var file = Path.Combine(_source.Location, ".git", "refs", "aicd", "pulls", "1.lock");
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        await File.WriteAllTextAsync(file, "", Cancel);
        File.SetLastWriteTimeUtc(file, _clock.GetUtcNow().UtcDateTime);

        await Expect.RefusalAsync(FaultKind.Transient, "git_locked", () => _forge.Forge.OpenPullRequestAsync(Draft, Cancel));
        File.Exists(file).ShouldBeTrue();
        _clock.Advance(TimeSpan.FromMinutes(2));
        await Expect.RefusalAsync(FaultKind.Transient, "git_locked", () => _forge.Forge.OpenPullRequestAsync(Draft, Cancel));

        (await _forge.Forge.OpenPullRequestAsync(Draft, Cancel)).Number.ShouldBe(1);
    }

    [Fact]
    public async Task A_lock_that_a_killed_git_left_on_the_branch_is_cleared_by_the_next_push()
    {
        var file = Path.Combine(_source.Location, ".git", "refs", "heads", BranchName + ".lock");
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        await File.WriteAllTextAsync(file, "", Cancel);
        File.SetLastWriteTimeUtc(file, _clock.GetUtcNow().UtcDateTime);
        await Expect.RefusalAsync(FaultKind.Transient, "git_locked", () => PushAsync(Draft));

        _clock.Advance(TimeSpan.FromMinutes(2));
        await PushAsync(Draft);

        (await _source.ResolveAsync(BranchName, Cancel)).ShouldBe(_commit.Change.CommitSha);
    }

    private Task PushAsync(PullRequestDraft draft) => _forge.Forge.PushAsync(draft, _ => Task.FromResult(_commit.Bundle), Cancel);
}
