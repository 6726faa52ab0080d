using System.Diagnostics;
using AiCd.Actors.Jobs.Payloads;
using AiCd.Actors.Ports;
using AiCd.Forge.Git;
using AiCd.Testing;

namespace AiCd.Forge.Tests.Repositories;

public sealed class MirrorTests : IDisposable
{
    private readonly TestForge _forge = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string Mirror => Directory.GetDirectories(Path.Combine(_forge.DataFolder, "mirrors", "default")).ShouldHaveSingleItem();

    public void Dispose() => _forge.Dispose();

    [Fact]
    public async Task Each_tenant_has_a_mirror_of_its_own_whatever_its_name()
    {
        using var source = await GitRepository.CreateAsync(cancellationToken: Cancel);
        foreach (var tenant in new[] { "default", "../escape", "Default", "a/b" })
        {
            await using var workspace = await _forge.Workspaces.OpenAsync(
                new WorkspaceRequest(TestForge.NewJob(), tenant, source.Location, "main", "../../attempt", null, null), Cancel);
            workspace.Path.ShouldStartWith(Path.Combine(_forge.DataFolder, "worktrees") + "/");
        }

        var tenants = Directory.GetDirectories(Path.Combine(_forge.DataFolder, "mirrors"));
        tenants.Length.ShouldBe(4);
        tenants.ShouldAllBe(folder => Directory.GetDirectories(folder).Length == 1);
    }

    [Fact]
    public async Task Jobs_work_on_one_repository_at_the_same_time()
    {
        using var source = await GitRepository.CreateAsync(cancellationToken: Cancel);
        var jobs = Enumerable.Range(0, 8).Select(_ => TestForge.NewJob()).ToArray();

        var commits = await Task.WhenAll(jobs.Select((job, i) => _forge.CommitAsync(source, job, new FileChange($"file-{i}", "x\n"))));
        await Task.WhenAll(jobs.Zip(commits, (job, commit) => _forge.Forge.PushAsync(TestForge.Draft(source, job, commit.Change), _ => Task.FromResult(commit.Bundle), Cancel)));

        commits.Select(commit => commit.Change.CommitSha).Distinct().Count().ShouldBe(8);
        (await source.ListBranchesAsync(Cancel)).Count.ShouldBe(9);
        await Task.WhenAll(jobs.Select(job => _forge.Workspaces.RemoveAsync(job, Cancel)));
        (await RefsAsync("refs/aicd/jobs")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Two_processes_share_one_data_folder_without_harm()
    {
        using var source = await GitRepository.CreateAsync(cancellationToken: Cancel);
        await using var first = await _forge.OpenAsync(source, TestForge.NewJob());
        await using var holder = ProcessRunner.Start(ProcessRunner.Command("flock", [Mirror + ".lock", "sh", "-c", "echo held; read line"]));
        await holder.WaitForLineAsync(line => line == "held", TimeSpan.FromSeconds(30), Cancel);

        var opening = _forge.OpenAsync(source, TestForge.NewJob());
        opening.IsCompleted.ShouldBeFalse();
        await holder.Input.WriteLineAsync("go");
        await holder.Input.FlushAsync(Cancel);

        await using var second = await opening;
        second.BaseSha.ShouldBe(first.BaseSha);
    }

    [Fact]
    public async Task What_the_mirror_has_is_not_fetched_again()
    {
        using var source = await GitRepository.CreateAsync(cancellationToken: Cancel);
        var commit = await _forge.CommitAsync(source, TestForge.NewJob(), new FileChange("a", "1"));
        var before = Objects();

        await using (await _forge.OpenAsync(source, TestForge.NewJob()))
        await using (await _forge.OpenAsync(source, TestForge.NewJob(), "a2", commit.Change))
        {
            Objects().ShouldBe(before);
        }

        string[] Objects() => [.. Directory.EnumerateFiles(Path.Combine(Mirror, "objects"), "*", SearchOption.AllDirectories).Order()];
    }

    [Fact]
    public async Task Objects_of_the_source_are_linked_and_not_copied()
    {
        using var source = await GitRepository.CreateAsync(cancellationToken: Cancel);
        await source.GitAsync(["repack", "--quiet", "-a", "-d"], Cancel);
        await source.CommitFileAsync("loose", "1\n", "Go on", Cancel);
        var objects = Path.Combine(source.Location, ".git", "objects");

        await using (await _forge.OpenAsync(source, TestForge.NewJob()))
        {
            var files = Directory.GetFiles(Path.Combine(Mirror, "objects"), "*", SearchOption.AllDirectories);
            files.Length.ShouldBe(5);
            (await InodesAsync(files)).ShouldBe(await InodesAsync(files.Select(file => Path.Combine(objects, Path.GetRelativePath(Path.Combine(Mirror, "objects"), file)))));
        }
    }

    [Fact]
    public async Task A_mirror_stands_on_its_own_when_the_source_throws_objects_away()
    {
        using var source = await GitRepository.CreateAsync(cancellationToken: Cancel);
        var job = TestForge.NewJob();
        var commit = await _forge.CommitAsync(source, job, new FileChange("a", "1\n"));
        await source.GitAsync(["commit", "--quiet", "--amend", "--message", "Rewrite history"], Cancel);
        await source.GitAsync(["reflog", "expire", "--expire=now", "--all"], Cancel);
        await source.GitAsync(["gc", "--quiet", "--prune=now"], Cancel);

        await using var review = await _forge.OpenAsync(source, job, "review", commit.Change);

        (await ProcessRunner.RunAsync("git", ["--git-dir", Mirror, "fsck", "--connectivity-only"], Cancel)).EnsureSuccess();
        (await File.ReadAllTextAsync(Path.Combine(review.Path, "a"), Cancel)).ShouldBe("1\n");
    }

    [Fact]
    public async Task Only_the_base_branch_is_fetched()
    {
        using var source = await GitRepository.CreateAsync(cancellationToken: Cancel);
        await using (await _forge.OpenAsync(source, TestForge.NewJob()))
        {
            await source.GitAsync(["checkout", "--quiet", "-b", "side"], Cancel);
        }

        var side = await source.CommitFileAsync("large", "x", "Go another way", Cancel);
        await using var workspace = await _forge.OpenAsync(source, TestForge.NewJob());

        var found = await ProcessRunner.RunAsync("git", ["--git-dir", Mirror, "cat-file", "-e", side], Cancel);
        found.ExitCode.ShouldNotBe(0);
    }

    [Fact]
    public async Task Locks_that_a_killed_git_left_in_the_mirror_are_cleared()
    {
        using var source = await GitRepository.CreateAsync(cancellationToken: Cancel);
        var job = TestForge.NewJob();
        await _forge.CommitAsync(source, job, new FileChange("a", "1"));
        var tip = (await RefsAsync("refs/aicd/source")).ShouldHaveSingleItem();
        string[] locks = [Path.Combine(Mirror, "packed-refs.lock"), Path.Combine(Mirror, tip + ".lock"), Path.Combine(Mirror, "shallow.lock"), Path.Combine(Mirror, "config.lock")];
        foreach (var file in locks)
        {
            await File.WriteAllTextAsync(file, "", Cancel);
        }

        await source.CommitFileAsync("b", "1", "Move on", Cancel);
        await using var workspace = await _forge.OpenAsync(source, TestForge.NewJob());
        await _forge.Workspaces.RemoveAsync(job, Cancel);

        workspace.BaseSha.ShouldBe(await source.ResolveAsync("main", Cancel));
        locks.ShouldAllBe(file => !File.Exists(file));
    }

    [Fact]
    public async Task A_lock_is_not_taken_from_a_git_that_outlived_its_aicd()
    {
        using var source = await GitRepository.CreateAsync(cancellationToken: Cancel);
        await using var first = await _forge.OpenAsync(source, TestForge.NewJob());
        var file = Path.Combine(Mirror, "packed-refs.lock");
        await File.WriteAllTextAsync(file, "", Cancel);
        var survivor = new ProcessStartInfo("sh", ["-c", "echo alive; read line; rm \"$0\"", file]);
        survivor.Environment[GitEnvironment.WriterMark] = Mirror;
        await using var running = ProcessRunner.Start(survivor);
        await running.WaitForLineAsync(line => line == "alive", TimeSpan.FromSeconds(30), Cancel);

        var opening = _forge.OpenAsync(source, TestForge.NewJob());
        opening.IsCompleted.ShouldBeFalse();
        File.Exists(file).ShouldBeTrue();
        await running.Input.WriteLineAsync("go");
        await running.Input.FlushAsync(Cancel);

        await using var second = await opening;
        second.BaseSha.ShouldBe(first.BaseSha);
    }

    [Fact]
    public async Task Half_a_mirror_that_a_crash_left_is_made_anew()
    {
        using var source = await GitRepository.CreateAsync(cancellationToken: Cancel);
        await using (await _forge.OpenAsync(source, TestForge.NewJob()))
        {
            Directory.Move(Mirror, Mirror + ".new");
        }

        await using var workspace = await _forge.OpenAsync(source, TestForge.NewJob());

        File.Exists(Path.Combine(workspace.Path, "README.md")).ShouldBeTrue();
        Mirror.ShouldEndWith(".git");
    }

    [Fact]
    public async Task A_branch_may_give_way_to_branches_under_its_name()
    {
        using var source = await GitRepository.CreateAsync(cancellationToken: Cancel);
        await source.CreateBranchAsync("a", cancellationToken: Cancel);
        await using (await _forge.OpenAsync(source, TestForge.NewJob(), baseBranch: "a"))
        {
            await source.GitAsync(["branch", "--quiet", "-D", "a"], Cancel);
            await source.CreateBranchAsync("a/b", cancellationToken: Cancel);
        }

        await using var workspace = await _forge.OpenAsync(source, TestForge.NewJob(), baseBranch: "a/b");
        await Expect.RefusalAsync(FaultKind.Permanent, "base_branch_not_found", () => _forge.OpenAsync(source, TestForge.NewJob(), baseBranch: "a"));
    }

    [Fact]
    public async Task A_shallow_repository_is_worked_on_like_any_other()
    {
        using var origin = await GitRepository.CreateAsync(cancellationToken: Cancel);
        await origin.CommitFileAsync("b", "1\n", "Go on", Cancel);
        using var source = await GitRepository.InitAsync(Cancel);
        await source.GitAsync(["fetch", "--quiet", "--depth=1", new Uri(origin.Location).AbsoluteUri, "main"], Cancel);
        await source.GitAsync(["reset", "--quiet", "--hard", "FETCH_HEAD"], Cancel);
        var job = TestForge.NewJob();

        var commit = await _forge.CommitAsync(source, job, new FileChange("c", "1\n"));
        await _forge.Forge.PushAsync(TestForge.Draft(source, job, commit.Change), _ => Task.FromResult(commit.Bundle), Cancel);

        (await source.ListFilesAsync($"aicd/{job}-change", Cancel)).ShouldBe(["README.md", "b", "c"], ignoreOrder: true);
    }

    [Fact]
    public async Task A_repository_with_SHA_256_names_is_worked_on_like_any_other()
    {
        using var source = await GitRepository.InitAsync(Cancel);
        FolderRemoval.Delete(Path.Combine(source.Location, ".git"));
        await source.GitAsync(["init", "--quiet", "--object-format=sha256", "--initial-branch=main"], Cancel);
        await source.CommitFileAsync("a", "1\n", "Begin", Cancel);
        var job = TestForge.NewJob();

        var commit = await _forge.CommitAsync(source, job, new FileChange("b", "1\n"));
        var draft = TestForge.Draft(source, job, commit.Change);
        await _forge.Forge.PushAsync(draft, _ => Task.FromResult(commit.Bundle), Cancel);
        var pullRequest = await _forge.Forge.OpenPullRequestAsync(draft, Cancel);

        commit.Change.CommitSha.Length.ShouldBe(64);
        pullRequest.HeadSha.ShouldBe(commit.Change.CommitSha);
    }

    private async Task<IReadOnlyList<string>> RefsAsync(string prefix) =>
        (await ProcessRunner.RunAsync("git", ["--git-dir", Mirror, "for-each-ref", "--format=%(refname)", prefix], Cancel))
            .EnsureSuccess().Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static async Task<string> InodesAsync(IEnumerable<string> files) =>
        (await ProcessRunner.RunAsync("stat", ["-c", "%i", .. files], Cancel)).EnsureSuccess().Output;
}
