using System.Text.RegularExpressions;
using AiCd.Actors.Ports;

namespace AiCd.Forge.Git;

/// <summary>Translates what git says on its way out, once.</summary>
internal static partial class GitFailure
{
    public static StageException Of(GitCommand command, GitOutput output)
    {
        var errors = WithoutCredentials(output.Errors);
        if (OfRemote(command, errors) is { } remote)
        {
            return remote;
        }

        var (code, hint) = errors switch
        {
            _ when errors.Contains(".lock': File exists", StringComparison.Ordinal) =>
                ("git_locked", "; another git process holds the lock, or one that was killed left it"),
            _ when errors.Contains("No space left on device", StringComparison.Ordinal) => ("disk_full", ""),
            _ => ("git_failed", ""),
        };
        return new StageException(FaultKind.Transient, code, $"{command.Name} ended with exit code {output.ExitCode}{hint}: {errors}");
    }

    /// <summary>What the other machine, or the way to it, was the cause of.</summary>
    private static StageException? OfRemote(GitCommand command, string errors)
    {
        if (command.Remote is not { } remote)
        {
            return null;
        }

        var repository = remote.Repository.AbsoluteUri;
        return errors switch
        {
            _ when IsUnauthorized(errors) => new StageException(FaultKind.Credentials, "forge_unauthorized",
                $"{repository} does not accept the credentials: {errors}"),
            _ when Has(errors, "refusing to allow") && Has(errors, "workflow") => new StageException(FaultKind.Permanent, "workflow_not_allowed",
                $"The change touches a workflow, for which {repository} wants a permission of its own (Workflows: write): {errors}"),
            _ when Has(errors, "returned error: 403", "Permission to ", "protected branch", "pre-receive hook declined") =>
                new StageException(FaultKind.Permanent, "push_refused", $"{repository} refused {command.Name}: {errors}"),
            _ when Has(errors, "returned error: 404", "not found", "unable to update url base from redirection") =>
                new StageException(FaultKind.Permanent, "repository_not_found", $"There is no repository at {repository}, or the credentials do not reach it: {errors}"),
            _ when Has(errors, "couldn't find remote ref") => new StageException(FaultKind.Permanent, "base_branch_not_found",
                $"{repository} does not have the branch: {errors}"),
            _ when Has(errors, "unable to access", "RPC failed", "early EOF", "hung up", "Could not resolve", "timed out", "index-pack failed") =>
                new StageException(FaultKind.ProviderDown, "forge_unreachable", $"{repository} did not answer {command.Name}: {errors}"),
            _ => null,
        };
    }

    /// <summary>A token that has expired looks like this too.</summary>
    public static bool IsUnauthorized(string errors) =>
        Has(errors, "returned error: 401", "Authentication failed", "could not read Username", "could not read Password", "Invalid username or");

    private static bool Has(string errors, params ReadOnlySpan<string> parts)
    {
        foreach (var part in parts)
        {
            if (errors.Contains(part, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    private static string WithoutCredentials(string text) => UserInfo().Replace(text, "://***@");

    [GeneratedRegex(@"://[^/\s@]+@")]
    private static partial Regex UserInfo();
}
