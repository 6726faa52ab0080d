namespace AiCd.Agents.Sandbox;

/// <summary>Runs commands that a model or a repository chose, out of reach of everything but one worktree.</summary>
public interface ISandbox
{
    /// <summary>Runs the command to its end. A command that fails is a result, not an exception.</summary>
    /// <exception cref="OperationCanceledException">Cancelled; no process of the command is left.</exception>
    /// <exception cref="Actors.Ports.StageException">The command could not be started: no sandbox on this node, no such worktree.</exception>
    Task<SandboxResult> RunAsync(SandboxCommand command, CancellationToken cancellationToken);
}

/// <summary>One command and what it may do.</summary>
public sealed record SandboxCommand
{
    public const int DefaultOutputLimit = 32 * 1024;

    /// <summary>Absolute path of the worktree, which the command sees at <see cref="SandboxPaths.Worktree"/>.</summary>
    public required string Worktree { get; init; }

    /// <summary>The program and its arguments; the program is looked up on the sandbox's own search path.</summary>
    public required IReadOnlyList<string> Arguments { get; init; }

    /// <summary>
    /// Absolute path of a folder that is the command's home, for caches that several commands share; null for one in memory that
    /// nobody sees again.
    /// </summary>
    public string? Home { get; init; }

    /// <summary>Relative to the worktree; empty for its root.</summary>
    public string WorkingFolder { get; init; } = "";

    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>False where the worktree may only be read.</summary>
    public bool Writable { get; init; } = true;

    /// <summary>What the command may reach of the network; never more than the operator allows.</summary>
    public NetworkPolicy Network { get; init; } = NetworkPolicy.None;

    /// <summary>Added to the sandbox's own environment.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Standard input in UTF-8; null for one that is closed.</summary>
    public string? Input { get; init; }

    /// <summary>How many characters of the output are kept; what is longer is cut in the middle, with a note there.</summary>
    public int OutputLimit { get; init; } = DefaultOutputLimit;

    /// <summary>Is told every line of output as it comes; null where nobody listens.</summary>
    public Action<string>? OnLine { get; init; }

    public static SandboxCommand Shell(string worktree, string script) =>
        new() { Worktree = worktree, Arguments = ["bash", "-c", script] };
}

/// <summary>What a command may reach beyond its worktree.</summary>
public enum NetworkPolicy
{
    /// <summary>Nothing, not even the node's loopback.</summary>
    None,

    /// <summary>Whatever the node reaches.</summary>
    Full,
}

/// <param name="ExitCode">As a shell would report it; 128 and the signal where a signal ended it.</param>
/// <param name="Output">Standard output and standard error as they came, cut in the middle.</param>
/// <param name="StandardOutput">Standard output alone, cut in the middle, for whoever speaks a protocol with the command.</param>
/// <param name="OutputCut">True where the output was longer than allowed.</param>
public sealed record SandboxResult(
    int ExitCode, string Output, string StandardOutput, bool OutputCut, TimeSpan Duration, SandboxEnd End, string? Note = null)
{
    /// <summary>True where standard output alone was longer than allowed.</summary>
    public bool StandardOutputCut { get; init; }

    public bool Succeeded => End == SandboxEnd.Exited && ExitCode == 0;
}

/// <summary>How a command came to its end.</summary>
public enum SandboxEnd
{
    Exited,

    /// <summary>It took longer than its timeout and was killed with its tree.</summary>
    TimedOut,

    /// <summary>A limit of memory, processes, file size, disk or CPU time ended it; the note says which, where that is known.</summary>
    KilledByLimit,
}

/// <summary>Where things are inside of the sandbox.</summary>
public static class SandboxPaths
{
    /// <summary>Absolute, and the same for every job, so that prompts and transcripts name no path of the node.</summary>
    public const string Worktree = "/work";

    public const string Home = "/home/aicd";
}
