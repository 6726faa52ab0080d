using System.Text.RegularExpressions;
using AiCd.Actors.Ports;

namespace AiCd.Forge.Git;

/// <summary>Translates what git says on its way out, once.</summary>
internal static partial class GitFailure
{
    public static StageException Of(GitCommand command, GitOutput output)
    {
        var errors = WithoutCredentials(output.Errors);
        var (code, hint) = errors switch
        {
            _ when errors.Contains(".lock': File exists", StringComparison.Ordinal) =>
                ("git_locked", "; another git process holds the lock, or one that was killed left it"),
            _ when errors.Contains("No space left on device", StringComparison.Ordinal) => ("disk_full", ""),
            _ => ("git_failed", ""),
        };
        return new StageException(FaultKind.Transient, code, $"{command.Name} ended with exit code {output.ExitCode}{hint}: {errors}");
    }

    private static string WithoutCredentials(string text) => UserInfo().Replace(text, "://***@");

    [GeneratedRegex(@"://[^/\s@]+@")]
    private static partial Regex UserInfo();
}
