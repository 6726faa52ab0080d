using System.ComponentModel;
using System.Diagnostics;

namespace AiCd.Agents.Sandbox;

/// <summary>No sandbox at all, for operators who say so: a clean environment, a timeout and bounded output are all that is left.</summary>
internal sealed class PlainSandbox(SandboxOptions options, TimeProvider time) : ISandbox
{
    private const int NotFound = 127;

    public async Task<SandboxResult> RunAsync(SandboxCommand command, CancellationToken cancellationToken)
    {
        if (SandboxRules.Refuse(command) is { } refused)
        {
            return refused;
        }

        var program = command.Arguments[0].Contains('/', StringComparison.Ordinal) ? command.Arguments[0] : ToolPath.Find(command.Arguments[0]);
        if (program is null)
        {
            return NotStarted(command.Arguments[0], "no such program in PATH");
        }

        var start = new ProcessStartInfo(program, command.Arguments.Skip(1)) { WorkingDirectory = Path.Combine(command.Worktree, command.WorkingFolder) };
        start.Environment.Clear();
        foreach (var (name, value) in BubblewrapArguments.EnvironmentOf(command, options))
        {
            start.Environment[name] = value;
        }

        start.Environment["PATH"] = string.Join(Path.PathSeparator, ToolPath.Folders);
        start.Environment["HOME"] = command.Home ?? Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        start.Environment["TMPDIR"] = Path.GetTempPath();
        try
        {
            return await SandboxProcess.RunAsync(start, command, watch: null, () => Task.CompletedTask, time, cancellationToken);
        }
        catch (Win32Exception e)
        {
            return NotStarted(program, e.Message);
        }
    }

    private static SandboxResult NotStarted(string program, string reason) =>
        new(NotFound, $"{program}: {reason}", "", false, TimeSpan.Zero, SandboxEnd.Exited, $"{program} could not be started");
}
