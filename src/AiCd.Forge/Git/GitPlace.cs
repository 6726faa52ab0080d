namespace AiCd.Forge.Git;

/// <summary>The repository that a git process works on, always named and never discovered from the current folder.</summary>
/// <param name="Directory">GIT_DIR.</param>
/// <param name="WorkTree">GIT_WORK_TREE; it never contains the git directory.</param>
/// <param name="Index">GIT_INDEX_FILE.</param>
/// <param name="Writer">The process changes refs of a mirror whose lock its starter holds.</param>
internal sealed record GitPlace(string Directory, string? WorkTree = null, string? Index = null, bool Writer = false)
{
    public GitCommand Command(params IReadOnlyList<string> arguments) => new(arguments) { Place = this };
}
