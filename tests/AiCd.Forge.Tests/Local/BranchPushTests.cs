using AiCd.Actors.Jobs.Payloads;
using AiCd.Actors.Ports;
using AiCd.Testing;

namespace AiCd.Forge.Tests.Local;

public sealed class BranchPushTests : LocalForgeFixture
{
    [Fact]
    public async Task A_push_makes_the_branch_and_touches_nothing_else()
    {
        await Source.WriteFileAsync("README.md", "dirty", Cancel);
        var before = await StateAsync();

        (await Forge.Forge.FindBranchAsync(Draft, Cancel)).ShouldBeNull();
        await PushAsync(Draft);

        (await Forge.Forge.FindBranchAsync(Draft, Cancel)).ShouldBe(Commit.Change.CommitSha);
        (await Source.ResolveAsync(BranchName, Cancel)).ShouldBe(Commit.Change.CommitSha);
        (await StateAsync()).ShouldBe(before);
        (await File.ReadAllTextAsync(Path.Combine(Source.Location, "README.md"), Cancel)).ShouldBe("dirty");

        async Task<string> StateAsync() => await Source.GitAsync(["--no-optional-locks", "status", "--porcelain", "--branch"], Cancel)
            + string.Join(' ', (await Source.ListBranchesAsync(Cancel)).Where(branch => branch != BranchName));
    }

    [Fact]
    public async Task A_push_into_a_bare_repository_works_as_well()
    {
        using var bare = await Source.CloneBareAsync(Cancel);
        var commit = await Forge.CommitAsync(bare, Job, new FileChange("a", "1\n"));
        var draft = TestForge.Draft(bare, Job, commit.Change);

        await Forge.Forge.PushAsync(draft, _ => Task.FromResult(commit.Bundle), Cancel);
        var pullRequest = await Forge.Forge.OpenPullRequestAsync(draft, Cancel);

        (await bare.ResolveAsync(draft.Branch, Cancel)).ShouldBe(commit.Change.CommitSha);
        pullRequest.Number.ShouldBe(1);
    }

    [Fact]
    public async Task A_push_that_was_done_already_does_nothing()
    {
        await PushAsync(Draft);

        await Forge.Forge.PushAsync(Draft, _ => throw new InvalidOperationException("The bundle is not needed"), Cancel);

        (await Source.ResolveAsync(BranchName, Cancel)).ShouldBe(Commit.Change.CommitSha);
    }

    [Fact]
    public async Task A_node_that_never_saw_theCommit_pushes_it_from_the_bundle()
    {
        using var other = new TestForge();

        await other.Forge.PushAsync(Draft, _ => Task.FromResult(Commit.Bundle), Cancel);

        (await Source.ListFilesAsync(BranchName, Cancel)).ShouldBe(["README.md", "a"], ignoreOrder: true);
        await other.Workspaces.RemoveAsync(Job, Cancel);
        Directory.GetDirectories(Path.Combine(other.DataFolder, "worktrees")).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_push_succeeds_after_the_base_branch_was_rewound()
    {
        await Source.GitAsync(["commit", "--quiet", "--amend", "--message", "Rewrite history"], Cancel);

        await PushAsync(Draft);

        (await Source.ResolveAsync(BranchName + "^", Cancel)).ShouldBe(Commit.Change.BaseSha);
    }

    [Fact]
    public async Task A_branch_that_is_checked_out_is_not_moved()
    {
        await PushAsync(Draft);
        await Source.CheckoutAsync(BranchName, Cancel);
        var other = await Forge.CommitAsync(Source, Job, new FileChange("b", "1\n"));

        var refusal = await Expect.RefusalAsync(FaultKind.Permanent, "branch_checked_out", () => PushAsync(Draft with { Change = other.Change }));

        refusal.Message.ShouldContain(Source.Location);
        (await Source.ResolveAsync(BranchName, Cancel)).ShouldBe(Commit.Change.CommitSha);
    }

    [Fact]
    public async Task A_branch_on_which_a_personCommitted_is_not_overwritten()
    {
        await Source.CreateBranchAsync(BranchName, cancellationToken: Cancel);

        var refusal = await Expect.RefusalAsync(FaultKind.Permanent, "branch_taken", () => PushAsync(Draft));

        refusal.Message.ShouldContain(GitRepository.AuthorName);
    }

    [Fact]
    public async Task A_branch_that_stands_for_another_is_not_written_through()
    {
        await Source.CreateBranchAsync("precious", cancellationToken: Cancel);
        await Source.GitAsync(["symbolic-ref", "refs/heads/" + BranchName, "refs/heads/precious"], Cancel);

        await Expect.RefusalAsync(FaultKind.Permanent, "branch_taken", () => PushAsync(Draft));

        (await Source.ResolveAsync("precious", Cancel)).ShouldBe(await Source.ResolveAsync("main", Cancel));
    }

    [Fact]
    public async Task A_linkedJob_replaces_theCommit_that_the_earlierJob_left_on_the_branch()
    {
        await PushAsync(Draft);
        var linked = TestForge.NewJob();
        var commit = await Forge.CommitAsync(Source, linked, new FileChange("b", "1\n"));

        await Forge.Forge.PushAsync(TestForge.Draft(Source, linked, commit.Change, BranchName), _ => Task.FromResult(commit.Bundle), Cancel);

        (await Source.ResolveAsync(BranchName, Cancel)).ShouldBe(commit.Change.CommitSha);
    }

    [Theory]
    [InlineData("main")]
    [InlineData("a..b")]
    [InlineData("a b")]
    [InlineData("x:refs/heads/main")]
    [InlineData("../heads/main")]
    [InlineData("a*")]
    [InlineData("")]
    public async Task A_branch_that_cannot_be_theJobs_own_is_refused(string branch)
    {
        var main = await Source.ResolveAsync("main", Cancel);

        await Expect.RefusalAsync(FaultKind.Permanent, "branch_invalid", () => PushAsync(Draft with { Branch = branch }));

        (await Source.ResolveAsync("main", Cancel)).ShouldBe(main);
    }

    [Fact]
    public async Task A_lock_that_a_killed_git_left_on_the_branch_is_cleared_by_the_next_push()
    {
        var file = Path.Combine(Source.Location, ".git", "refs", "heads", BranchName + ".lock");
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        await File.WriteAllTextAsync(file, "", Cancel);
        File.SetLastWriteTimeUtc(file, Clock.GetUtcNow().UtcDateTime);
        await Expect.RefusalAsync(FaultKind.Transient, "git_locked", () => PushAsync(Draft));

        Clock.Advance(TimeSpan.FromMinutes(2));
        await PushAsync(Draft);

        (await Source.ResolveAsync(BranchName, Cancel)).ShouldBe(Commit.Change.CommitSha);
    }
}
