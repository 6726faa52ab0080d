using System.ComponentModel.DataAnnotations;
using AiCd.Actors.Hosting.Settings;

namespace AiCd.Agents.Sandbox;

/// <summary>How commands that a model or a repository chose are run; section <c>AiCd:Sandbox</c>.</summary>
public sealed class SandboxOptions
{
    public const string Section = "AiCd:Sandbox";

    /// <summary>With <c>None</c> commands run as the node does and reach whatever it reaches. Nothing else turns the sandbox off.</summary>
    public SandboxMode Mode { get; set; } = SandboxMode.Bubblewrap;

    /// <summary>The bubblewrap executable: a name to look up in PATH, or an absolute path.</summary>
    [Required]
    [Expectation("the name or the absolute path of a program")]
    public string Bubblewrap { get; set; } = "bwrap";

    /// <summary>The user id, and group id, of commands where the node runs as root. Nothing on the node should belong to it.</summary>
    [Range(1000, 2_000_000_000)]
    public int UserId { get; set; } = 61_000;

    /// <summary>Folders with tools that commands may read and run, besides /usr and what /bin and /lib lead to.</summary>
    public IList<string> ToolFolders { get; init; } = [];

    /// <summary>Names of variables of the node's environment that commands see.</summary>
    public IList<string> Environment { get; init; } = [];

    /// <summary>The most that a repository's commands and an agent's tools may reach; <c>.aicd.yml</c> may ask for less.</summary>
    public NetworkAccess Network { get; set; } = NetworkAccess.None;

    /// <summary>Memory of a command with all of its processes.</summary>
    [Range(64, 1024 * 1024)]
    public int MemoryMiB { get; set; } = 4096;

    /// <summary>Each of /tmp, /dev/shm and a home in memory.</summary>
    [Range(1, 1024 * 1024)]
    public int TemporaryMiB { get; set; } = 1024;

    /// <summary>What the worktree and the home on disk may take together.</summary>
    [Range(16, 16 * 1024 * 1024)]
    public int DiskMiB { get; set; } = 10 * 1024;

    /// <summary>How many files the worktree and the home may have together.</summary>
    [Range(1000, 100_000_000)]
    public int Files { get; set; } = 1_000_000;

    /// <summary>What must stay free on the disk with the worktrees.</summary>
    [Range(0, 16 * 1024 * 1024)]
    public int FreeDiskMiB { get; set; } = 512;

    /// <summary>The largest file that a command may write.</summary>
    [Range(1, 16 * 1024 * 1024)]
    public int FileMiB { get; set; } = 2048;

    /// <summary>Processes and threads of a command.</summary>
    [Range(16, 100_000)]
    public int Processes { get; set; } = 1024;

    /// <summary>Files that one process of a command may have open.</summary>
    [Range(64, 1_000_000)]
    public int OpenFiles { get; set; } = 4096;

    /// <summary>Processor time of a command with all of its processes.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "7.00:00:00")]
    public TimeSpan CpuTime { get; set; } = TimeSpan.FromHours(1);

    /// <summary>
    /// A control group that was delegated to the node, below which each command gets one of its own; an absolute path. By default the
    /// node's own group is tried. Without one, limits are held by rlimits and by watching.
    /// </summary>
    [RegularExpression("|/.+")]
    [Expectation("an absolute path, or nothing")]
    public string Cgroup { get; set; } = "";
}

public enum SandboxMode
{
    Bubblewrap,

    None,
}

/// <summary>What may reach the network, from the least to the most.</summary>
public enum NetworkAccess
{
    None,

    /// <summary>Only the repository's <c>setup</c> command, which fetches what the others need.</summary>
    Setup,

    /// <summary>Every command and tool reaches whatever the node reaches, its loopback included.</summary>
    Full,
}
