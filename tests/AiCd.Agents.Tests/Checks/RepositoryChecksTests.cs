using System.Text;
using AiCd.Actors.Jobs;
using AiCd.Actors.Jobs.Payloads;
using AiCd.Actors.Ports;
using AiCd.Agents.Checks;
using AiCd.Agents.Sandbox;
using AiCd.Agents.Tests.Mock;
using Microsoft.Extensions.Options;

namespace AiCd.Agents.Tests.Checks;

/// <summary>Real commands in the node's real sandbox.</summary>
public sealed class RepositoryChecksTests : IDisposable
{
    private static readonly CommittedChange Change = new(new string('a', 40), new string('b', 40), new string('c', 40), "change", 1, 1, 0);

    private readonly MockStage _stage = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => _stage.Dispose();

    [Fact]
    public async Task Without_a_file_nothing_is_run_and_nothing_required()
    {
        var result = await RunAsync(null);

        result.TreeSha.ShouldBe(Change.TreeSha);
        result.Checks.ShouldBeEmpty();
        result.MayBeApproved.ShouldBeTrue();
    }

    [Fact]
    public async Task Commands_run_in_their_order_in_the_worktree_with_one_home()
    {
        _stage.Write("a.txt", "content\n");

        var result = await RunAsync("test: cat ~/fetched a.txt\nsetup: echo fetched > ~/fetched\nbuild: pwd");

        result.MayBeApproved.ShouldBeTrue(string.Join('\n', result.Checks));
        result.Checks.Select(check => (check.Name, check.ExitCode, check.Log)).ShouldBe([("setup", 0, ""), ("build", 0, "/work\n"), ("test", 0, "fetched\ncontent\n")]);
        _stage.Progress.Reports.ShouldContain("test: cat ~/fetched a.txt");
    }

    [Fact]
    public async Task The_first_command_that_fails_ends_the_row_and_its_log_says_why()
    {
        var result = await RunAsync("build: |\n  echo building\n  false\n  echo never\ntest: touch ran");

        var check = result.Checks.ShouldHaveSingleItem();
        (check.Name, check.ExitCode, check.Log).ShouldBe(("build", 1, "building\n"));
        result.MayBeApproved.ShouldBeFalse();
        File.Exists(Path.Combine(_stage.Worktree, "ran")).ShouldBeFalse();
        _stage.Progress.Turns.ShouldContain(turn => turn.Role == "check" && turn.Text.Contains("exit code 1"));
    }

    [Fact]
    public async Task A_failure_in_a_pipe_is_a_failure() => (await RunAsync("test: false | cat")).MayBeApproved.ShouldBeFalse();

    [Fact]
    public async Task A_command_that_takes_too_long_has_failed()
    {
        var check = (await RunAsync("test: { run: 'echo begun; sleep 100', timeout: 1s }")).Checks.ShouldHaveSingleItem();

        check.ExitCode.ShouldBe(124);
        check.Log.ShouldStartWith("begun\n[It took longer than 00:00:01");
    }

    [Fact]
    public async Task Failed_checks_may_be_approved_only_where_repository_and_operator_say_so()
    {
        (await RunAsync("test: false\nrequireChecks: false")).ShouldSatisfyAllConditions(
            result => result.Passed.ShouldBeFalse(),
            result => result.MayBeApproved.ShouldBeTrue());
        (await RunAsync("test: false\nrequireChecks: false", new PolicyOptions { RequireChecks = true })).MayBeApproved.ShouldBeFalse();
    }

    [Fact]
    public async Task A_change_of_a_protected_path_is_objected_to_by_name_and_nothing_runs()
    {
        var result = await RunAsync("test: touch ran\nrequireChecks: false\nprotected: [LICENSE, db/**]", paths: ["a.txt", "db/1.sql", "sub/LICENSE"]);

        result.MayBeApproved.ShouldBeFalse();
        result.Checks.ShouldBeEmpty();
        result.Objections!.Select(objection => objection.Path).ShouldBe(["db/1.sql", "sub/LICENSE"]);
        result.Objections![0].Text.ShouldContain("'db/**'");
        result.Objections.ShouldAllBe(objection => objection.Severity == CommentSeverity.Blocker);
    }

    [Theory]
    [InlineData(".aicd.yml")]
    [InlineData(".github/workflows/release.yml")]
    [InlineData(".GITHUB/workflows/release.yml")]
    public async Task What_runs_by_itself_after_a_push_is_protected_unless_the_operator_says_otherwise(string path)
    {
        (await RunAsync(null, paths: [path])).MayBeApproved.ShouldBeFalse();
        (await RunAsync(null, new PolicyOptions { ProtectAutomation = false }, path)).MayBeApproved.ShouldBeTrue();
    }

    [Fact]
    public async Task A_file_of_the_base_that_cannot_be_used_stops_the_job_with_its_lines()
    {
        var refused = await Should.ThrowAsync<StageException>(RunAsync("test: x\nnetwork: everything"));

        (refused.Kind, refused.Code).ShouldBe((FaultKind.Permanent, "policy_invalid"));
        refused.Message.ShouldContain(".aicd.yml:2: network: expected none, setup, full, found 'everything'");
    }

    [Fact]
    public async Task What_a_check_leaves_in_its_home_is_gone_with_it()
    {
        var before = Scratch();

        await RunAsync("test: mkdir -p ~/a/b && touch ~/a/b/c ~/$(printf 'latin\\351') && chmod 000 ~/a");

        Scratch().Except(before).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_network_is_there_for_setup_alone_where_no_more_is_allowed()
    {
        const string File = "setup: 'grep -c : /proc/net/dev > ~/n'\ntest: 'grep -c : /proc/net/dev; cat ~/n'";
        var none = await RunAsync(File);
        var setup = await RunAsync(File, NetworkAccess.Setup);
        var narrowed = await RunAsync(File + "\nnetwork: none", NetworkAccess.Full);

        none.Checks[1].Log.ShouldBe("1\n1\n");
        setup.Checks[1].Log.Split('\n')[0].ShouldBe("1");
        narrowed.Checks[1].Log.ShouldBe("1\n1\n");
        setup.Checks[1].Log.Split('\n')[1].ShouldBe(System.IO.File.ReadLines("/proc/net/dev").Count(line => line.Contains(':')).ToString(System.Globalization.CultureInfo.InvariantCulture));
    }

    private static List<string> Scratch() => [.. Directory.GetDirectories(Path.GetTempPath(), "aicd-checks-*")];

    private Task<ChecksResult> RunAsync(string? file, params string[] paths) => RunAsync(file, new PolicyOptions(), paths);

    private Task<ChecksResult> RunAsync(string? file, PolicyOptions options, params string[] paths) => RunAsync(file, NetworkAccess.None, options, paths);

    private async Task<ChecksResult> RunAsync(string? file, NetworkAccess network, PolicyOptions? options = null, params string[] paths)
    {
        var settings = Options.Create(new SandboxOptions { Network = network });
        using var sandbox = new NodeSandbox(settings, TimeProvider.System);
        var checks = new RepositoryChecks(new RepositoryPolicies(Options.Create(options ?? new PolicyOptions()), settings), sandbox);
        return await checks.RunAsync(_stage.Context(Stage.Reviewing), new ShownWorkspace(_stage.Worktree, file, paths), Change, Cancelled);
    }

    /// <summary>A base with one file and a change of some paths.</summary>
    private sealed class ShownWorkspace(string path, string? file, IReadOnlyList<string> changed) : IWorkspace
    {
        public string Path => path;

        public string BaseSha => Change.BaseSha;

        public Task<byte[]?> ReadBaseFileAsync(string path, int maxBytes, CancellationToken cancellationToken) =>
            Task.FromResult(path == ".aicd.yml" && file is not null ? Encoding.UTF8.GetBytes(file) : null);

        public Task<IReadOnlyList<string>> ChangedPathsAsync(string commitSha, CancellationToken cancellationToken) =>
            Task.FromResult(commitSha == Change.CommitSha ? changed : throw new InvalidOperationException("Another commit"));

        public Task<string> DiffAsync(string commitSha, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<WorkspaceCommit> CommitAsync(CodeResult result, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
