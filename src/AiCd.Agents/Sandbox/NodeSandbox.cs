using AiCd.Actors.Ports;
using AiCd.Agents.Checks;
using Microsoft.Extensions.Options;

namespace AiCd.Agents.Sandbox;

/// <summary>
/// The sandbox that this node has. It is tried before it is trusted, and where it cannot be made nothing runs: there is no silent way
/// from a sandbox to none.
/// </summary>
internal sealed class NodeSandbox(IOptions<SandboxOptions> options, TimeProvider time) : ISandbox, IDisposable
{
    private static readonly TimeSpan TrialTime = TimeSpan.FromSeconds(30);

    private readonly SandboxOptions _options = options.Value;
    private readonly SemaphoreSlim _gate = new(1);
    private ISandbox? _sandbox;
    private SandboxFiles? _files;

    /// <summary>What is used, for people; null before it was tried.</summary>
    public string? Description { get; private set; }

    public async Task<SandboxResult> RunAsync(SandboxCommand command, CancellationToken cancellationToken)
    {
        if (await FindProblemAsync(cancellationToken) is { } problem)
        {
            throw new StageException(FaultKind.Permanent, "no_sandbox",
                $"Commands that a model or a repository chose are not run on this node, because there is no sandbox for them: {problem}. "
                + "docs/security.md says what it takes; AiCd:Sandbox:Mode=None runs them without any, with all that the node may do");
        }

        return await _sandbox!.RunAsync(command, cancellationToken);
    }

    /// <returns>Why there is no sandbox on this node, or null where there is one. A trial that failed is made anew.</returns>
    public async Task<string?> FindProblemAsync(CancellationToken cancellationToken)
    {
        if (_sandbox is not null)
        {
            return null;
        }

        await _gate.WaitAsync(cancellationToken);
        try
        {
            return _sandbox is null ? await MakeAsync(cancellationToken) : null;
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose()
    {
        _files?.Dispose();
        _gate.Dispose();
    }

    private async Task<string?> MakeAsync(CancellationToken cancellationToken)
    {
        if (_options.Mode == SandboxMode.None)
        {
            _sandbox = new PlainSandbox(_options, time);
            Description = "none";
            return null;
        }

        if (!OperatingSystem.IsLinux())
        {
            return "bubblewrap is there on Linux alone";
        }

        var (tools, missing) = SandboxTools.Find(_options);
        if (tools is null)
        {
            return missing;
        }

        if (_options.ToolFolders.FirstOrDefault(folder => !Directory.Exists(folder)) is { } absent)
        {
            return $"there is no tool folder {absent} (AiCd:Sandbox:ToolFolders)";
        }

        foreach (var prefix in new[] { SandboxFiles.Prefix, RepositoryChecks.HomePrefix })
        {
            await OwnedFolder.SweepAsync(prefix, tools.Sweeper, UserOfThisNode(), cancellationToken);
        }

        var identity = SandboxIdentity.OfThisNode(_options);
        var cgroups = Cgroups.OfThisNode(_options.Cgroup);
        _files ??= SandboxFiles.Create(identity.User ?? UserOfThisNode());
        var sandbox = new BubblewrapSandbox(_options, tools, _files, identity, cgroups, time);
        if (await TryAsync(sandbox, cancellationToken) is { } problem)
        {
            return identity.User is null
                ? $"{problem} (user namespaces must be allowed)"
                : $"{problem} (root needs CAP_SYS_ADMIN for it; an ordinary user needs user namespaces only)";
        }

        _sandbox = sandbox;
        Description = Describe(identity, cgroups);
        return null;
    }

    private async Task<string?> TryAsync(BubblewrapSandbox sandbox, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_files!.Folder, "trial")).FullName;
        try
        {
            var trial = await sandbox.RunAsync(new SandboxCommand { Worktree = folder, Arguments = ["touch", "trial"], Timeout = TrialTime }, cancellationToken);
            return trial.Succeeded ? null : $"a first command in it failed: {trial.Note ?? trial.Output.Trim()}";
        }
        catch (Exception e) when (e is StageException or IOException or UnauthorizedAccessException)
        {
            return e.Message;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string Describe(SandboxIdentity identity, Cgroups cgroups) =>
        $"bubblewrap as {(identity.User is { } user ? $"user {user}" : "the node's user, in a user namespace")}; "
        + $"memory limited by {(cgroups.Memory is null ? "watching" : "a control group")}, processes by {(cgroups.Tasks is null ? "rlimit" : "a control group")}";

    private static int UserOfThisNode() => File.ReadLines("/proc/self/status")
        .Where(line => line.StartsWith("Uid:", StringComparison.Ordinal))
        .Select(line => int.Parse(line.Split('\t')[2], System.Globalization.CultureInfo.InvariantCulture))
        .First();
}
