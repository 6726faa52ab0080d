using System.Text;
using AiCd.Actors.Ports;

namespace AiCd.Agents.Sandbox;

/// <summary>What is wrong with a command before anything is started.</summary>
internal static class SandboxRules
{
    // The kernel's own bound for one argument, less what is put around it.
    private const int MaxArgumentBytes = 128 * 1024 - 64;
    private const int CannotExecute = 126;

    /// <returns>The result of a command that no process could be made of, or null.</returns>
    /// <exception cref="StageException">There is no such worktree.</exception>
    public static SandboxResult? Refuse(SandboxCommand command)
    {
        if (!Directory.Exists(command.Worktree))
        {
            throw new StageException(FaultKind.Permanent, "worktree_missing", $"There is no worktree at {command.Worktree}");
        }

        var problem = command switch
        {
            { Arguments: [] or ["", ..] } => "There is no program to run",
            _ when command.Arguments.Any(argument => argument.Contains('\0', StringComparison.Ordinal)) => "An argument holds a NUL character",
            _ when command.Arguments.Any(argument => Encoding.UTF8.GetByteCount(argument) > MaxArgumentBytes) =>
                $"An argument is longer than {MaxArgumentBytes} bytes: write it to a file and name that",
            _ when !IsInside(command.WorkingFolder) => $"The working folder '{command.WorkingFolder}' is not a path relative to the worktree",
            _ when !Directory.Exists(Path.Combine(command.Worktree, command.WorkingFolder)) => $"There is no folder '{command.WorkingFolder}' in the worktree",
            _ => null,
        };
        return problem is null ? null : new SandboxResult(CannotExecute, problem, "", false, TimeSpan.Zero, SandboxEnd.Exited, problem);
    }

    private static bool IsInside(string folder) =>
        !Path.IsPathRooted(folder) && !folder.Split('/').Contains("..") && !folder.Contains('\0', StringComparison.Ordinal);
}
