using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using AiCd.Actors.Ports;

namespace AiCd.Agents.Sandbox;

/// <summary>Commands in namespaces, mounts and limits of their own, made by bubblewrap.</summary>
internal sealed partial class BubblewrapSandbox(
    SandboxOptions options, SandboxTools tools, SandboxFiles files, SandboxIdentity identity, Cgroups cgroups, TimeProvider time) : ISandbox
{
    // The kernel ends a namespace within milliseconds; a machine under load is slow, not wrong.
    private static readonly TimeSpan EndTime = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan EndPoll = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan HandOverTime = TimeSpan.FromMinutes(2);

    public async Task<SandboxResult> RunAsync(SandboxCommand command, CancellationToken cancellationToken)
    {
        if (SandboxRules.Refuse(command) is { } refused)
        {
            return refused;
        }

        if (identity.User is not null && !command.Writable)
        {
            // A tree that is mounted to be read cannot be handed over in the same sandbox.
            await StartAsync(command with { Writable = true, Arguments = ["true"], WorkingFolder = "", Input = null, OnLine = null, Timeout = HandOverTime }, cancellationToken);
        }

        return await StartAsync(command, cancellationToken);
    }

    private async Task<SandboxResult> StartAsync(SandboxCommand command, CancellationToken cancellationToken)
    {
        var (status, arguments) = (files.NewFile("status"), files.NewFile("arguments"));
        var group = cgroups.Create(options);
        try
        {
            var told = BubblewrapArguments.OfSandbox(command, options, files, identity);
            await File.WriteAllTextAsync(arguments, string.Concat(told.Select(argument => argument + '\0')), cancellationToken);
            var watch = new UsageWatch(options, tools.Sweeper, command.Home is { } home ? [command.Worktree, home] : [command.Worktree], cgroups.Memory is null ? null : group, time);
            var result = await SandboxProcess.RunAsync(
                StartOf(command, status, arguments, group), command, watch, () => WaitForEndAsync(status), time, cancellationToken);
            return result.End != SandboxEnd.Exited ? result
                : HasRun(status) ? Judge(result, group)
                : throw new StageException(FaultKind.Transient, "sandbox_failed", $"The sandbox could not be made: {result.Output.Trim()}");
        }
        finally
        {
            group.Remove();
            File.Delete(status);
            File.Delete(arguments);
        }
    }

    private ProcessStartInfo StartOf(SandboxCommand command, string status, string arguments, CommandCgroup group)
    {
        var start = new ProcessStartInfo(tools.Shell,
        [
            "-c", BubblewrapArguments.Launch, "aicd-sandbox", files.Filter, arguments, status, .. group.Entrances, "--",
            .. identity.Prefix, tools.Bubblewrap, "--args", "5", "--", .. BubblewrapArguments.OfCommand(command, options, tools, identity, cgroups),
        ])
        { WorkingDirectory = files.Folder };
        start.Environment.Clear();
        start.Environment["PATH"] = "/usr/bin:/bin";
        start.Environment["LC_ALL"] = "C";
        return start;
    }

    /// <summary>What ended a command by itself may still have been a limit.</summary>
    private SandboxResult Judge(SandboxResult result, CommandCgroup group)
    {
        const int CpuSignal = 128 + 24, FileSignal = 128 + 25;
        return result switch
        {
            _ when group.MemoryKills > 0 && result.ExitCode != 0 => Limited(result, UsageWatch.MemoryBreach(options)),
            { ExitCode: CpuSignal } => Limited(result, $"it used more than {options.CpuTime} of processor time"),
            { ExitCode: FileSignal } => Limited(result, $"a file grew beyond {options.FileMiB} MiB"),
            _ when group.RefusedProcesses > 0 => result with { Note = $"it wanted more than {options.Processes} processes and threads, and was refused" },
            _ => result,
        };
    }

    private static SandboxResult Limited(SandboxResult result, string note) => result with { End = SandboxEnd.KilledByLimit, Note = note };

    /// <summary>
    /// The first process of the command's namespace gets a signal when bubblewrap ends, and takes all others with it: until it is
    /// gone, one of them could still write into the worktree.
    /// </summary>
    private async Task WaitForEndAsync(string status)
    {
        if (!File.Exists(status) || FirstProcess().Match(await File.ReadAllTextAsync(status)) is not { Success: true } first)
        {
            return;
        }

        var id = int.Parse(first.Groups[1].ValueSpan, CultureInfo.InvariantCulture);
        var started = time.GetTimestamp();
        while (ProcessTree.IsRunningInit(id))
        {
            if (time.GetElapsedTime(started) > EndTime)
            {
                throw new StageException(FaultKind.Transient, "sandbox_survived", $"Processes of the command are still there {EndTime} after it was ended");
            }

            await Task.Delay(EndPoll, time);
        }
    }

    /// <summary>Bubblewrap reports an exit code only where the command itself was reached.</summary>
    private static bool HasRun(string status) => File.Exists(status) && File.ReadAllText(status).Contains("\"exit-code\"", StringComparison.Ordinal);

    [GeneratedRegex(@"""child-pid"": (\d+)")]
    private static partial Regex FirstProcess();
}
