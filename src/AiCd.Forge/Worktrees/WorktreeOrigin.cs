namespace AiCd.Forge.Worktrees;

/// <summary>What a worktree was made from, and the attempts that had it, so that a later one may take it over as it stands.</summary>
/// <param name="Owners">The oldest first.</param>
internal sealed record WorktreeOrigin(string BaseSha, string Commit, IReadOnlyList<string> Owners)
{
    /// <returns>The worktree of the job on this node that the attempt had, whoever had it since; null where there is none.</returns>
    public static async Task<(WorktreeLayout Layout, WorktreeOrigin Origin)?> FindAsync(
        WorktreeLayout layout, string attempt, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(layout.JobFolder))
        {
            return null;
        }

        foreach (var folder in Directory.EnumerateDirectories(layout.JobFolder))
        {
            var found = layout with { Folder = folder };
            if (await ReadAsync(found, cancellationToken) is { } origin && origin.Owners.Contains(attempt))
            {
                return (found, origin);
            }
        }

        return null;
    }

    /// <summary>Whole or not at all: a crash leaves no half of a file.</summary>
    public async Task WriteAsync(WorktreeLayout layout, CancellationToken cancellationToken)
    {
        var written = layout.Origin + ".new";
        await File.WriteAllLinesAsync(written, [BaseSha, Commit, .. Owners], cancellationToken);
        File.Move(written, layout.Origin, overwrite: true);
    }

    private static async Task<WorktreeOrigin?> ReadAsync(WorktreeLayout layout, CancellationToken cancellationToken) =>
        File.Exists(layout.Origin) && Directory.Exists(layout.Tree) && await File.ReadAllLinesAsync(layout.Origin, cancellationToken) is [var baseSha, var commit, .. var owners]
            ? new WorktreeOrigin(baseSha, commit, owners)
            : null;
}
