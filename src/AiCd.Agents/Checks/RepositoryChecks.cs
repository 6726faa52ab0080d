using System.Globalization;
using AiCd.Actors.Jobs.Payloads;
using AiCd.Actors.Ports;
using AiCd.Agents.Sandbox;

namespace AiCd.Agents.Checks;

/// <summary>
/// Runs the commands that the base branch names, in the sandbox, on the committed tree, and holds the change against the protected
/// paths. A command that fails ends the row: what follows would fail for the same reason.
/// </summary>
internal sealed class RepositoryChecks(RepositoryPolicies policies, ISandbox sandbox) : IChecks
{
    public const string HomePrefix = "aicd-checks-";

    private const int LogLimit = 64 * 1024;
    private const int TimedOut = 124;
    private const int MaxObjections = 50;

    public async Task<ChecksResult> RunAsync(StageContext context, IWorkspace workspace, CommittedChange change, CancellationToken cancellationToken)
    {
        var policy = await policies.ReadAsync(workspace.ReadBaseFileAsync, cancellationToken);
        var objections = await ObjectionsAsync(policy, workspace, change, cancellationToken);
        var checks = objections.Count == 0 ? await RunCommandsAsync(policy, context, cancellationToken) : [];
        return new ChecksResult(change.TreeSha, checks, policy.Policy.RequireChecks, objections.Count == 0 ? null : objections);
    }

    private static async Task<IReadOnlyList<ReviewComment>> ObjectionsAsync(
        RepositoryPolicy policy, IWorkspace workspace, CommittedChange change, CancellationToken cancellationToken) =>
    [
        .. (await workspace.ChangedPathsAsync(change.CommitSha, cancellationToken))
            .Select(path => (Path: path, Pattern: policy.ProtectionOf(path)))
            .Where(found => found.Pattern is not null)
            .Take(MaxObjections)
            .Select(found => new ReviewComment(
                found.Path, null, CommentSeverity.Blocker, $"This path is protected by the pattern '{found.Pattern}': the change must leave it as the base branch has it")),
    ];

    private async Task<IReadOnlyList<CheckRun>> RunCommandsAsync(RepositoryPolicy policy, StageContext context, CancellationToken cancellationToken)
    {
        var runs = new List<CheckRun>();
        if (policy.File.Commands.Count == 0)
        {
            return runs;
        }

        // One home for all: what setup fetches, such as packages, is what the others build with.
        using var scratch = OwnedFolder.Create(HomePrefix);
        var home = Directory.CreateDirectory(Path.Combine(scratch.Location, "home")).FullName;
        try
        {
            foreach (var command in policy.File.Commands)
            {
                context.Progress.Report($"{command.Name}: {command.Script.Split('\n')[0]}");
                var run = await RunAsync(policy, command, context.Worktree, home, cancellationToken);
                runs.Add(run);
                context.Progress.Record("check", $"{command.Name} ended with exit code {run.ExitCode}\n{run.Log}");
                if (run.ExitCode != 0)
                {
                    break;
                }
            }
        }
        finally
        {
            await ScratchFolder.DeleteAsync(scratch.Location);
        }

        return runs;
    }

    private async Task<CheckRun> RunAsync(RepositoryPolicy policy, PolicyCommand command, string worktree, string home, CancellationToken cancellationToken)
    {
        var result = await sandbox.RunAsync(
            new SandboxCommand
            {
                Worktree = worktree,
                Home = home,
                Arguments = ["bash", "-eo", "pipefail", "-c", command.Script],
                Timeout = policy.Policy.TimeoutOf(command),
                Network = policy.NetworkOf(command),
                Environment = new Dictionary<string, string> { ["CI"] = "true" },
                OutputLimit = LogLimit,
            },
            cancellationToken);
        var exitCode = result.End switch
        {
            SandboxEnd.TimedOut => TimedOut,
            SandboxEnd.KilledByLimit when result.ExitCode == 0 => SandboxProcess.KilledExitCode,
            _ => result.ExitCode,
        };
        return new CheckRun(command.Name, command.Script, exitCode, result.Duration, WithNote(result));
    }

    private static string WithNote(SandboxResult result) => result.Note is null
        ? result.Output
        : string.Create(CultureInfo.InvariantCulture, $"{result.Output}{(result.Output.EndsWith('\n') || result.Output.Length == 0 ? "" : "\n")}[{result.Note}]\n");
}
