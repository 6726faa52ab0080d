using System.Globalization;

namespace AiCd.Agents.Sandbox;

/// <summary>What bubblewrap, and behind it the steps to the command itself, are told.</summary>
internal static class BubblewrapArguments
{
    /// <summary>
    /// Joins the control groups that are given up to the `--`, opens the files that bubblewrap reads and writes, deletes the one that
    /// may hold secrets, and becomes bubblewrap. It is the only shell outside of the sandbox, and is told nothing that a model chose
    /// but behind bubblewrap's own `--`.
    /// </summary>
    public const string Launch = """
        filter=$1 arguments=$2 status=$3
        shift 3
        while [ "$1" != -- ]; do echo $$ > "$1" || exit 125; shift; done
        shift
        exec 3< "$filter" 4> "$status" 5< "$arguments"
        rm -f -- "$arguments"
        exec "$@"
        """;

    /// <summary>
    /// In the sandbox, as root with little of root's power: gives what the node wrote to the command's user. A link cannot lead out,
    /// because there is no outside.
    /// </summary>
    private const string HandOver = """
        owner=$1 chown=$2
        shift 2
        while [ "$1" != -- ]; do "$chown" -Rh --from=0:0 -- "$owner" "$1" || :; shift; done
        shift
        exec "$@"
        """;

    private const long MiB = 1024 * 1024;
    private const int CpuGrace = 5;

    private static readonly string[] FixedEnvironment =
    [
        "HOME", SandboxPaths.Home, "USER", "aicd", "LOGNAME", "aicd", "TMPDIR", "/tmp", "LANG", "C.UTF-8", "TERM", "dumb", "SHELL", "/bin/bash",
        "DOTNET_CLI_TELEMETRY_OPTOUT", "1", "DOTNET_NOLOGO", "1", "MSBUILDDISABLENODEREUSE", "1", "GIT_TERMINAL_PROMPT", "0",
    ];

    /// <summary>Variables of a sandbox: some of its own, what the operator lets through, what the command brings.</summary>
    public static Dictionary<string, string> EnvironmentOf(SandboxCommand command, SandboxOptions options)
    {
        var all = FixedEnvironment.Chunk(2).ToDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal);
        all["PATH"] = SandboxMounts.SearchPath(options);
        foreach (var name in options.Environment)
        {
            if (Environment.GetEnvironmentVariable(name) is { } value)
            {
                all[name] = value;
            }
        }

        foreach (var (name, value) in command.Environment)
        {
            all[name] = value;
        }

        return all;
    }

    /// <summary>Read by bubblewrap from a file, so that no process list shows a variable's value.</summary>
    public static IEnumerable<string> OfSandbox(SandboxCommand command, SandboxOptions options, SandboxFiles files, SandboxIdentity identity)
    {
        var network = command.Network == NetworkPolicy.Full;
        return
        [
            .. identity.User is null ? (string[])["--unshare-user"] : [],
            "--unshare-pid", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try",
            .. network ? (string[])[] : ["--unshare-net"],
            "--die-with-parent", "--new-session", "--hostname", "sandbox",
            "--cap-drop", "ALL",
            .. identity.User is null
                ? (string[])[]
                : ["--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID", "--cap-add", "CAP_SETPCAP", "--cap-add", "CAP_CHOWN", "--cap-add", "CAP_DAC_READ_SEARCH"],
            .. SandboxMounts.Of(command, options, files, network),
            "--clearenv",
            .. EnvironmentOf(command, options).SelectMany(variable => new[] { "--setenv", variable.Key, variable.Value }),
            "--chdir", command.WorkingFolder.Length == 0 ? SandboxPaths.Worktree : $"{SandboxPaths.Worktree}/{command.WorkingFolder}",
            .. files.HasFilter ? (string[])["--seccomp", "3"] : [],
            "--json-status-fd", "4",
        ];
    }

    /// <summary>The steps from bubblewrap to the command: ownership, limits, another user, the command.</summary>
    public static IEnumerable<string> OfCommand(
        SandboxCommand command, SandboxOptions options, SandboxTools tools, SandboxIdentity identity, Cgroups cgroups) =>
    [
        .. identity.User is { } user
            ?
            [
                tools.Shell, "-c", HandOver, "aicd-sandbox", $"{Number(user)}:{Number(user)}", tools.Owner, SandboxPaths.Home,
                .. command.Writable ? (string[])[SandboxPaths.Worktree] : [], "--",
            ]
            : (string[])[],
        tools.Limiter,
        "--core=0",
        $"--cpu={Number((long)options.CpuTime.TotalSeconds)}:{Number((long)options.CpuTime.TotalSeconds + CpuGrace)}",
        $"--fsize={Number(options.FileMiB * MiB)}",
        $"--nofile={Number(options.OpenFiles)}",
        "--msgqueue=0",
        .. cgroups.Tasks is null ? (string[])[$"--nproc={Number(options.Processes)}"] : [],
        .. cgroups.Memory is null ? (string[])[$"--data={Number(options.MemoryMiB * MiB)}"] : [],
        "--",
        .. identity.User is { } id
            ?
            [
                tools.Privileges, "--reuid", Number(id), "--regid", Number(id), "--clear-groups",
                "--inh-caps=-all", "--ambient-caps=-all", "--bounding-set=-all", "--no-new-privs", "--",
            ]
            : (string[])[],
        .. command.Arguments,
    ];

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
