using AiCd.Actors.Jobs.Payloads;
using AiCd.Testing;

namespace AiCd.Forge.Tests.Git;

/// <summary>
/// Whatever a repository names as a program, no git of the host runs it. Each trap would leave a canary; a whole job goes
/// through the repository: resolve, open, commit, diff, push, pull request, close, remove.
/// </summary>
public sealed class CanaryTests : IAsyncLifetime
{
    private static readonly string[] Hooks =
    [
        "applypatch-msg", "pre-applypatch", "post-applypatch", "pre-commit", "pre-merge-commit", "prepare-commit-msg", "commit-msg", "post-commit",
        "pre-rebase", "post-checkout", "post-merge", "pre-push", "pre-receive", "update", "proc-receive", "post-receive", "post-update",
        "reference-transaction", "push-to-checkout", "pre-auto-gc", "post-rewrite", "sendemail-validate", "fsmonitor-watchman", "post-index-change",
    ];

    private readonly TemporaryFolder _folder = new();
    private readonly TestForge _forge = new();
    private GitRepository _source = null!;
    private string _trap = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string Canary => _folder.Combine("canary");

    public async ValueTask InitializeAsync()
    {
        _source = await GitRepository.CreateAsync(new Dictionary<string, string> { ["a.txt"] = "1\n", [".gitattributes"] = "*.txt filter=evil diff=evil merge=evil\n" }, Cancel);
        _trap = _folder.Combine("trap");
        await File.WriteAllTextAsync(_trap, $"#!/bin/sh\necho \"$0 $*\" >> '{Canary}'\n", Cancel);
        File.SetUnixFileMode(_trap, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    public ValueTask DisposeAsync()
    {
        _source.Dispose();
        _forge.Dispose();
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task The_trap_works_for_a_git_that_is_not_hardened()
    {
        PlantHooks(Path.Combine(_source.Location, ".git", "hooks"));

        await _source.CommitFileAsync("b", "1", "Fall into it", Cancel);

        File.Exists(Canary).ShouldBeTrue();
    }

    [Fact]
    public async Task Hooks_of_the_source_are_not_run()
    {
        PlantHooks(Path.Combine(_source.Location, ".git", "hooks"));

        await RunJobAsync();
    }

    [Fact]
    public async Task Hooks_of_a_bare_source_are_not_run()
    {
        using var bare = await _source.CloneBareAsync(Cancel);
        PlantHooks(Path.Combine(bare.Location, "hooks"));

        await RunJobAsync(bare);
    }

    [Fact]
    public async Task A_hooks_path_in_the_sources_configuration_is_not_followed()
    {
        var hooks = _folder.CreateFolder("hooks");
        PlantHooks(hooks);
        await _source.GitAsync(["config", "core.hooksPath", hooks], Cancel);

        await RunJobAsync();
    }

    [Theory]
    [InlineData("core.fsmonitor")]
    [InlineData("core.sshCommand")]
    [InlineData("core.gitProxy")]
    [InlineData("core.askPass")]
    [InlineData("core.editor")]
    [InlineData("core.pager")]
    [InlineData("core.alternateRefsCommand")]
    [InlineData("credential.helper")]
    [InlineData("diff.external")]
    [InlineData("diff.evil.command")]
    [InlineData("diff.evil.textconv")]
    [InlineData("filter.evil.clean")]
    [InlineData("filter.evil.smudge")]
    [InlineData("filter.evil.process")]
    [InlineData("merge.evil.driver")]
    [InlineData("gpg.program")]
    [InlineData("uploadpack.packObjectsHook")]
    [InlineData("receive.procReceiveRefs")]
    [InlineData("remote.origin.uploadpack")]
    [InlineData("pager.show")]
    [InlineData("alias.rev-parse")]
    [InlineData("trailer.x.command")]
    public async Task A_program_in_the_sources_configuration_is_not_run(string key)
    {
        await _source.GitAsync(["config", key, key.StartsWith("alias.", StringComparison.Ordinal) ? "!" + _trap : _trap], Cancel);
        await _source.GitAsync(["config", "commit.gpgSign", "true"], Cancel);

        // Touched, so that git has to compare contents to tell whether the tree is dirty.
        File.SetLastWriteTimeUtc(Path.Combine(_source.Location, "a.txt"), new DateTime(2001, 1, 1, 0, 0, 0, DateTimeKind.Utc));

        await RunJobAsync();
    }

    [Fact]
    public async Task Programs_are_not_run_by_a_source_that_borrows_objects()
    {
        using var borrower = await GitRepository.InitAsync(Cancel);
        await borrower.GitAsync(["config", "core.alternateRefsCommand", _trap], Cancel);
        await File.WriteAllTextAsync(
            Path.Combine(borrower.Location, ".git", "objects", "info", "alternates"), Path.Combine(_source.Location, ".git", "objects") + "\n", Cancel);
        await borrower.GitAsync(["update-ref", "refs/heads/main", await _source.ResolveAsync("main", Cancel)], Cancel);

        await RunJobAsync(borrower);
    }

    [Fact]
    public async Task Configuration_that_the_source_includes_is_no_way_around()
    {
        var included = _folder.Combine("included");
        await File.WriteAllTextAsync(included, $"[core]\n\tfsmonitor = {_trap}\n\thooksPath = {_folder.CreateFolder("hooks")}\n[filter \"evil\"]\n\tclean = {_trap}\n\trequired = true\n", Cancel);
        PlantHooks(_folder.Combine("hooks"));
        await _source.GitAsync(["config", "include.path", included], Cancel);

        await RunJobAsync();
    }

    [Fact]
    public async Task A_promisor_remote_of_the_source_is_not_asked_for_missing_objects()
    {
        await _source.GitAsync(["config", "extensions.partialClone", "origin"], Cancel);
        await _source.GitAsync(["config", "remote.origin.promisor", "true"], Cancel);
        await _source.GitAsync(["config", "remote.origin.url", _folder.Location], Cancel);
        await _source.GitAsync(["config", "remote.origin.uploadpack", _trap], Cancel);
        var blob = (await _source.GitAsync(["rev-parse", "main:a.txt"], Cancel)).Trim();
        File.Delete(Path.Combine(_source.Location, ".git", "objects", blob[..2], blob[2..]));

        await Should.ThrowAsync<Actors.Ports.StageException>(() => _forge.OpenAsync(_source, TestForge.NewJob()));

        File.Exists(Canary).ShouldBeFalse(CanaryText());
    }

    [Fact]
    public async Task A_tree_that_an_agent_has_armed_runs_nothing()
    {
        var job = TestForge.NewJob();
        await using var workspace = await _forge.OpenAsync(_source, job);
        var config = $"[core]\n\tfsmonitor = {_trap}\n\thooksPath = {workspace.Path}\n[filter \"evil\"]\n\tclean = {_trap}\n\tsmudge = {_trap}\n";
        foreach (var name in new[] { ".gitconfig", "config", ".lfsconfig", ".gitattributes" })
        {
            await File.WriteAllTextAsync(Path.Combine(workspace.Path, name), name == ".gitattributes" ? "* filter=evil diff=evil ident\n" : config, Cancel);
        }

        PlantHooks(workspace.Path);
        var git = Path.Combine(workspace.Path, "git");
        File.Copy(_trap, git);

        var commit = await workspace.CommitAsync(TestForge.Result(), Cancel);
        await workspace.DiffAsync(commit.Change.CommitSha, Cancel);
        await using var next = await _forge.OpenAsync(_source, job, "a2", commit.Change);

        File.Exists(Canary).ShouldBeFalse(CanaryText());
    }

    [Fact]
    public async Task Hooks_in_a_nested_git_directory_are_not_run_before_it_is_refused()
    {
        await using var workspace = await _forge.OpenAsync(_source, TestForge.NewJob());
        foreach (var nested in new[] { workspace.Path, Path.Combine(workspace.Path, "nested") })
        {
            (await ProcessRunner.RunAsync("git", ["init", "--quiet", nested], Cancel)).EnsureSuccess();
            await File.AppendAllTextAsync(Path.Combine(nested, ".git", "config"), $"[core]\n\tfsmonitor = {_trap}\n", Cancel);
            PlantHooks(Path.Combine(nested, ".git", "hooks"));
        }

        await Expect.PathRefusedAsync(() => workspace.CommitAsync(TestForge.Result(), Cancel));

        File.Exists(Canary).ShouldBeFalse(CanaryText());
    }

    private async Task RunJobAsync(GitRepository? repository = null)
    {
        var source = repository ?? _source;
        var job = TestForge.NewJob();
        await _forge.Workspaces.ResolveAsync("default", source.Location, null, Cancel);
        var commit = await _forge.CommitAsync(source, job, new FileChange("a.txt", "2\n"));
        await using (var review = await _forge.OpenAsync(source, job, "review", commit.Change))
        {
            await review.DiffAsync(commit.Change.CommitSha, Cancel);
        }

        var draft = TestForge.Draft(source, job, commit.Change);
        await _forge.Forge.PushAsync(draft, _ => Task.FromResult(commit.Bundle), Cancel);
        var pullRequest = await _forge.Forge.OpenPullRequestAsync(draft, Cancel);
        await _forge.PullRequests.DiffStatAsync(source.Location, (await _forge.PullRequests.ListAsync(source.Location, Cancel)).Single(), Cancel);
        await _forge.Forge.ClosePullRequestAsync(draft, pullRequest, Cancel);
        await _forge.Workspaces.RemoveAsync(job, Cancel);

        (await _forge.Forge.FindBranchAsync(draft, Cancel)).ShouldBe(commit.Change.CommitSha);
        File.Exists(Canary).ShouldBeFalse(CanaryText());
    }

    private void PlantHooks(string folder)
    {
        Directory.CreateDirectory(folder);
        foreach (var hook in Hooks)
        {
            File.Copy(_trap, Path.Combine(folder, hook), overwrite: true);
        }
    }

    private string CanaryText() => File.Exists(Canary) ? File.ReadAllText(Canary) : "";
}
