using AiCd.Actors.Jobs.Payloads;
using AiCd.Actors.Ports;
using AiCd.Testing;

namespace AiCd.Forge.Tests.Worktrees;

public sealed class WorkspaceTests : IDisposable
{
    private readonly ManualTimeProvider _clock = new();
    private readonly TestForge _forge;

    public WorkspaceTests() => _forge = new TestForge(_clock);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _forge.Dispose();

    [Fact]
    public async Task A_workspace_shows_the_tip_of_the_base_branch_and_no_git_directory()
    {
        using var source = await GitRepository.CreateAsync(new Dictionary<string, string> { ["a.txt"] = "a\n", ["d/b.txt"] = "b\n" }, Cancel);

        await using var workspace = await _forge.OpenAsync(source, TestForge.NewJob());

        workspace.BaseSha.ShouldBe(await source.ResolveAsync("main", Cancel));
        Directory.EnumerateFileSystemEntries(workspace.Path, "*", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(workspace.Path, path))
            .ShouldBe(["a.txt", "d", "d/b.txt"], ignoreOrder: true);
    }

    [Fact]
    public async Task Changes_of_the_result_and_of_the_tree_become_one_commit_upon_the_base()
    {
        using var source = await GitRepository.CreateAsync(
            new Dictionary<string, string> { ["keep"] = "1\n", ["edit"] = "1\n", ["drop"] = "1\n", ["gone"] = "1\n" }, Cancel);
        await using var workspace = await _forge.OpenAsync(source, TestForge.NewJob());
        File.Delete(Path.Combine(workspace.Path, "gone"));
        await File.WriteAllTextAsync(Path.Combine(workspace.Path, "made"), "by the agent\n", Cancel);

        var commit = await workspace.CommitAsync(
            TestForge.Result("Do it\n\nCo-authored-by: A <a@example.com>", new FileChange("edit", "2\n2\n"), new FileChange("drop", null), new FileChange("n/e/w", "x")), Cancel);

        commit.Change.BaseSha.ShouldBe(await source.ResolveAsync("main", Cancel));
        commit.Change.ShouldSatisfyAllConditions(
            change => change.FilesChanged.ShouldBe(5),
            change => change.Insertions.ShouldBe(4),
            change => change.Deletions.ShouldBe(3),
            change => change.Message.ShouldBe("Do it\n\nCo-authored-by: A <a@example.com>"));
        await TakeAsync(source, commit);
        (await source.ListFilesAsync(commit.Change.CommitSha, Cancel)).ShouldBe(["edit", "keep", "made", "n/e/w"], ignoreOrder: true);
        (await source.ReadFileAsync(commit.Change.CommitSha, "edit", Cancel)).ShouldBe("2\n2\n");
        (await source.ResolveAsync(commit.Change.CommitSha + "^", Cancel)).ShouldBe(commit.Change.BaseSha);
        (await source.GitAsync(["rev-parse", commit.Change.CommitSha + "^{tree}"], Cancel)).Trim().ShouldBe(commit.Change.TreeSha);
    }

    [Fact]
    public async Task The_commit_bears_the_configured_author_and_the_time_of_the_clock()
    {
        using var source = await GitRepository.CreateAsync(cancellationToken: Cancel);
        using var forge = new TestForge(_clock, ("AiCd:Git:AuthorName", "Böt"), ("AiCd:Git:AuthorEmail", "bot@example.com"));

        var commit = await forge.CommitAsync(source, TestForge.NewJob(), new FileChange("a", "1"));

        await TakeAsync(source, commit);
        (await source.GitAsync(["show", "--no-patch", "--format=%an <%ae> %aI %cn <%ce> %cI", commit.Change.CommitSha], Cancel)).Trim()
            .ShouldBe("Böt <bot@example.com> 2030-01-01T00:00:00+00:00 Böt <bot@example.com> 2030-01-01T00:00:00+00:00");
    }

    [Fact]
    public async Task The_next_round_goes_on_from_the_rejected_commit_but_is_one_commit_upon_the_same_base()
    {
        using var source = await GitRepository.CreateAsync(cancellationToken: Cancel);
        var job = TestForge.NewJob();
        var first = await _forge.CommitAsync(source, job, new FileChange("a", "1\n"));
        await source.CommitFileAsync("later", "x", "Move the base branch", Cancel);

        await using var workspace = await _forge.OpenAsync(source, job, "a2", first.Change, first.Bundle);
        File.Exists(Path.Combine(workspace.Path, "a")).ShouldBeTrue();
        var second = await workspace.CommitAsync(TestForge.Result(new FileChange("b", "2\n")), Cancel);

        second.Change.BaseSha.ShouldBe(first.Change.BaseSha);
        await TakeAsync(source, second);
        (await source.ListFilesAsync(second.Change.CommitSha, Cancel)).ShouldBe(["README.md", "a", "b"], ignoreOrder: true);
        (await source.GitAsync(["rev-list", "--count", $"{second.Change.BaseSha}..{second.Change.CommitSha}"], Cancel)).Trim().ShouldBe("1");
    }

    [Fact]
    public async Task A_node_without_the_commit_takes_it_from_the_bundle()
    {
        using var source = await GitRepository.CreateAsync(cancellationToken: Cancel);
        var job = TestForge.NewJob();
        var first = await _forge.CommitAsync(source, job, new FileChange("a", "1\n"));
        using var other = new TestForge(_clock);

        await using var workspace = await other.OpenAsync(source, job, "review", first.Change, first.Bundle);

        (await File.ReadAllTextAsync(Path.Combine(workspace.Path, "a"), Cancel)).ShouldBe("1\n");
        (await workspace.DiffAsync(first.Change.CommitSha, Cancel)).ShouldBe(first.Diff);
    }

    [Fact]
    public async Task A_node_without_the_commit_and_without_a_bundle_says_so()
    {
        using var source = await GitRepository.CreateAsync(cancellationToken: Cancel);
        var first = await _forge.CommitAsync(source, TestForge.NewJob(), new FileChange("a", "1\n"));
        using var other = new TestForge(_clock);

        await Expect.RefusalAsync(FaultKind.Permanent, "commit_not_found", () => other.OpenAsync(source, TestForge.NewJob(), from: first.Change));
    }

    [Fact]
    public async Task A_base_that_no_branch_reaches_any_more_is_still_found_in_the_source()
    {
        using var source = await GitRepository.CreateAsync(cancellationToken: Cancel);
        var first = await _forge.CommitAsync(source, TestForge.NewJob(), new FileChange("a", "1\n"));
        await source.GitAsync(["commit", "--quiet", "--amend", "--message", "Rewrite history"], Cancel);
        using var other = new TestForge(_clock);

        await using var workspace = await other.OpenAsync(source, TestForge.NewJob(), "a2", first.Change, first.Bundle);

        workspace.BaseSha.ShouldBe(first.Change.BaseSha);
        File.Exists(Path.Combine(workspace.Path, "a")).ShouldBeTrue();
    }

    [Fact]
    public async Task A_base_that_nobody_has_any_more_is_a_clear_error()
    {
        using var source = await GitRepository.CreateAsync(cancellationToken: Cancel);
        var first = await _forge.CommitAsync(source, TestForge.NewJob(), new FileChange("a", "1\n"));
        await source.GitAsync(["commit", "--quiet", "--amend", "--message", "Rewrite history"], Cancel);
        await source.GitAsync(["reflog", "expire", "--expire=now", "--all"], Cancel);
        await source.GitAsync(["gc", "--quiet", "--prune=now"], Cancel);
        using var other = new TestForge(_clock);

        var refusal = await Expect.RefusalAsync(FaultKind.Permanent, "base_not_found", () => other.OpenAsync(source, TestForge.NewJob(), "a2", first.Change, first.Bundle));
        refusal.Message.ShouldContain(first.Change.BaseSha);
    }

    [Fact]
    public async Task A_commit_that_is_not_what_was_reviewed_is_refused()
    {
        using var source = await GitRepository.CreateAsync(cancellationToken: Cancel);
        var first = await _forge.CommitAsync(source, TestForge.NewJob(), new FileChange("a", "1\n"));
        var second = await _forge.CommitAsync(source, TestForge.NewJob(), new FileChange("a", "2\n"));
        var forged = second.Change with { TreeSha = first.Change.TreeSha };

        await Expect.RefusalAsync(FaultKind.Permanent, "commit_mismatch", () => _forge.OpenAsync(source, TestForge.NewJob(), from: forged));
    }

    [Fact]
    public async Task An_attempt_that_changes_nothing_may_be_tried_again()
    {
        using var source = await GitRepository.CreateAsync(cancellationToken: Cancel);
        await using var workspace = await _forge.OpenAsync(source, TestForge.NewJob());

        await Expect.RefusalAsync(FaultKind.Transient, "no_changes", () => workspace.CommitAsync(TestForge.Result(), Cancel));
        await Expect.RefusalAsync(FaultKind.Transient, "no_changes", () => workspace.CommitAsync(TestForge.Result(new FileChange("README.md", "# Sample\n")), Cancel));
    }

    [Fact]
    public async Task A_round_that_gives_back_what_was_rejected_has_changed_nothing()
    {
        using var source = await GitRepository.CreateAsync(cancellationToken: Cancel);
        var job = TestForge.NewJob();
        var first = await _forge.CommitAsync(source, job, new FileChange("a", "1\n"));
        await using var workspace = await _forge.OpenAsync(source, job, "a2", first.Change);

        await Expect.RefusalAsync(FaultKind.Transient, "no_changes", () => workspace.CommitAsync(TestForge.Result(), Cancel));
        await Expect.RefusalAsync(FaultKind.Transient, "no_changes", () => workspace.CommitAsync(TestForge.Result(new FileChange("a", null)), Cancel));
    }

    [Fact]
    public async Task Ignored_files_stay_out_unless_a_change_names_them()
    {
        using var source = await GitRepository.CreateAsync(new Dictionary<string, string> { [".gitignore"] = "*.log\nout/\n" }, Cancel);
        await using var workspace = await _forge.OpenAsync(source, TestForge.NewJob());
        Directory.CreateDirectory(Path.Combine(workspace.Path, "out"));
        await File.WriteAllTextAsync(Path.Combine(workspace.Path, "out", "built"), "x", Cancel);
        await File.WriteAllTextAsync(Path.Combine(workspace.Path, "a.log"), "x", Cancel);

        var commit = await workspace.CommitAsync(TestForge.Result(new FileChange("named.log", "x"), new FileChange("code", "x")), Cancel);

        await TakeAsync(source, commit);
        (await source.ListFilesAsync(commit.Change.CommitSha, Cancel)).ShouldBe([".gitignore", "code", "named.log"], ignoreOrder: true);
    }

    [Fact]
    public async Task A_file_can_become_a_folder_and_a_folder_a_file()
    {
        using var source = await GitRepository.CreateAsync(new Dictionary<string, string> { ["a"] = "1", ["d/x"] = "1", ["d/y"] = "1" }, Cancel);

        var commit = await _forge.CommitAsync(
            source, TestForge.NewJob(), new FileChange("a/inner", "2"), new FileChange("a", null), new FileChange("d", "2"), new FileChange("d/x", null), new FileChange("d/y", null));

        await TakeAsync(source, commit);
        (await source.ListFilesAsync(commit.Change.CommitSha, Cancel)).ShouldBe(["a/inner", "d"], ignoreOrder: true);
    }

    [Fact]
    public async Task A_workspace_leaves_nothing_when_it_is_closed_whatever_was_made_in_it()
    {
        using var source = await GitRepository.CreateAsync(cancellationToken: Cancel);
        var workspace = await _forge.OpenAsync(source, TestForge.NewJob());
        var locked = Directory.CreateDirectory(Path.Combine(workspace.Path, "locked", "inner")).FullName;
        (await ProcessRunner.RunAsync("sh", ["-c", "cd \"$0\" && touch \"$(printf 'a\\377')\" && chmod 0 .. && mkfifo p; true", locked], Cancel)).EnsureSuccess();

        await workspace.DisposeAsync();

        Directory.Exists(workspace.Path).ShouldBeFalse();
    }

    [Fact]
    public async Task Removing_a_job_removes_its_folders_and_lets_go_of_its_commits()
    {
        using var source = await GitRepository.CreateAsync(cancellationToken: Cancel);
        var (kept, removed) = (TestForge.NewJob(), TestForge.NewJob());
        var keptCommit = await _forge.CommitAsync(source, kept, new FileChange("a", "1"));
        await _forge.CommitAsync(source, removed, new FileChange("a", "2"));
        await _forge.OpenAsync(source, removed, "left behind by a crash");

        await _forge.Workspaces.RemoveAsync(removed, Cancel);
        await _forge.Workspaces.RemoveAsync(removed, Cancel);

        Directory.Exists(Path.Combine(_forge.DataFolder, "worktrees", removed.Value)).ShouldBeFalse();
        var refs = (await ProcessRunner.RunAsync("git", ["--git-dir", Mirror(), "for-each-ref", "--format=%(refname) %(objectname)", "refs/aicd/jobs"], Cancel)).EnsureSuccess().Output;
        refs.ShouldNotContain(removed.Value);
        refs.ShouldContain(keptCommit.Change.CommitSha);
    }

    [Fact]
    public async Task An_attempt_that_a_crash_left_half_open_is_opened_anew()
    {
        using var source = await GitRepository.CreateAsync(cancellationToken: Cancel);
        var job = TestForge.NewJob();
        var crashed = await _forge.OpenAsync(source, job);
        await File.WriteAllTextAsync(Path.Combine(crashed.Path, "leftover"), "x", Cancel);
        await File.WriteAllTextAsync(Path.Combine(crashed.Path, "..", "index.lock"), "", Cancel);

        await using var workspace = await _forge.OpenAsync(source, job);
        var commit = await workspace.CommitAsync(TestForge.Result(new FileChange("a", "1")), Cancel);

        commit.Change.FilesChanged.ShouldBe(1);
    }

    /// <summary>Brings a commit into the source, with nothing but the bundle.</summary>
    private static async Task TakeAsync(GitRepository source, WorkspaceCommit commit)
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllBytesAsync(folder.Combine("b"), commit.Bundle, Cancel);
        await source.GitAsync(["bundle", "unbundle", folder.Combine("b")], Cancel);
    }

    private string Mirror() => Directory.GetDirectories(Path.Combine(_forge.DataFolder, "mirrors", "default")).ShouldHaveSingleItem();
}
