using AiCd.Agents.Sandbox;

namespace AiCd.Agents.Tools;

/// <summary>
/// Paths that a model names. They are looked at only inside the sandbox, where no link leads out; here they are brought into the form
/// that rules about paths speak of.
/// </summary>
internal static class WorktreePath
{
    private const int MaxLength = 1_000;

    /// <returns>Relative to the root of the repository, with forward slashes; empty for the root itself.</returns>
    /// <exception cref="ToolException">The path leads out of the repository.</exception>
    public static string Normalize(string field, string path)
    {
        var relative = path == SandboxPaths.Worktree || path.StartsWith(SandboxPaths.Worktree + "/", StringComparison.Ordinal)
            ? path[SandboxPaths.Worktree.Length..].TrimStart('/')
            : path;
        var parts = relative.Split('/').Where(part => part is not ("" or ".")).ToList();
        if (relative.StartsWith('/') || parts.Contains("..") || parts.Contains(".git") || path.Length > MaxLength || path.Any(char.IsControl))
        {
            throw new ToolException($"{field}: expected a path inside of the repository, relative to its root, got '{path}'");
        }

        return string.Join('/', parts);
    }
}
