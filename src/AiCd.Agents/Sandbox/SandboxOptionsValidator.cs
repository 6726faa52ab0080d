using AiCd.Agents.Configuration;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace AiCd.Agents.Sandbox;

/// <summary>What settings alone can do to open the sandbox by mistake: mount a folder with secrets, or pass a variable with one.</summary>
internal sealed class SandboxOptionsValidator(IConfiguration configuration) : IValidateOptions<SandboxOptions>
{
    private static readonly string[] Private = [".ssh", ".gnupg", ".aws", ".azure", ".config", ".docker", ".kube", ".netrc", ".git-credentials"];

    private static readonly string[] System = ["/etc", "/proc", "/sys", "/dev", "/run", "/boot", "/tmp", "/var", SandboxPaths.Worktree, SandboxPaths.Home];

    public ValidateOptionsResult Validate(string? name, SandboxOptions options)
    {
        string[] problems =
        [
            .. options.ToolFolders.Index().SelectMany(folder => FolderProblem(folder.Item) is { } problem
                ? [$"{SandboxOptions.Section}:{nameof(options.ToolFolders)}:{folder.Index}: expected {problem}, got '{folder.Item}'"]
                : Array.Empty<string>()),
            .. options.Environment.Index().SelectMany(variable => VariableProblem(variable.Item) is { } problem
                ? [$"{SandboxOptions.Section}:{nameof(options.Environment)}:{variable.Index}: expected {problem}, got '{variable.Item}'"]
                : Array.Empty<string>()),
        ];
        return problems.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }

    private string? FolderProblem(string? folder)
    {
        if (!Path.IsPathFullyQualified(folder ?? "") || Path.GetFullPath(folder!) is not { Length: > 1 } full)
        {
            return "the absolute path of a folder with tools";
        }

        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        string[] secret = [DataFolder.Of(configuration), .. Private.Select(entry => Path.Combine(home, entry)).Where(home.Length > 1 ? _ => true : _ => false)];
        return secret.Any(place => Overlap(full, place)) || (home.Length > 1 && Contains(full, home))
            ? "a folder that neither holds nor lies in the data folder or the private folders of the node's user"
            : System.Any(place => Overlap(full, place)) && !Contains("/var/lib", full) && !Contains("/tmp", full)
                ? "a folder with tools and not one of the system's own"
                : null;
    }

    private static string? VariableProblem(string? name) => name switch
    {
        null or "" => "the name of a variable",
        _ when name.Contains('=', StringComparison.Ordinal) => "the name of a variable without a value",
        _ when name.StartsWith("AiCd__", StringComparison.OrdinalIgnoreCase) => "no setting of the node itself",
        _ => null,
    };

    private static bool Overlap(string one, string other) => Contains(one, other) || Contains(other, one);

    private static bool Contains(string outer, string inner) =>
        inner == outer || inner.StartsWith(outer.TrimEnd('/') + '/', StringComparison.Ordinal);
}
