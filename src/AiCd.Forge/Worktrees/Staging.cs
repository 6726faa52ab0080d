using System.Text;
using AiCd.Actors.Jobs.Payloads;
using AiCd.Actors.Ports;
using AiCd.Forge.Git;
using AiCd.Forge.Paths;

namespace AiCd.Forge.Worktrees;

/// <summary>Brings what lies in a worktree into its index.</summary>
internal sealed class Staging(GitRunner git)
{
    /// <summary>
    /// Writes the changes, then stages the worktree as it stands, deletions included. Ignored files stay out unless a change
    /// names them.
    /// </summary>
    /// <returns>The tree.</returns>
    /// <exception cref="StageException">A path is refused.</exception>
    public async Task<string> StageAsync(GitPlace place, IReadOnlyList<FileChange> changes, CancellationToken cancellationToken)
    {
        var written = Apply(place.WorkTree!, ChangeSet.Of(changes));
        var ignored = await git.RunAsync(
            place.Command("ls-files", "-z", "--others", "--ignored", "--exclude-standard", "--directory"), cancellationToken);
        TreeScan.Check(place.WorkTree!, ignored.Records.ToHashSet(StringComparer.Ordinal), cancellationToken);
        await git.RunAsync(place.Command("add", "--all"), cancellationToken);
        if (written.Count > 0)
        {
            var input = Encoding.UTF8.GetBytes(string.Concat(written.Select(path => path + '\0')));
            await git.RunAsync(place.Command("update-index", "--add", "-z", "--stdin") with { Input = input }, cancellationToken);
        }

        return (await git.RunAsync(place.Command("write-tree"), cancellationToken)).Line;
    }

    /// <returns>The files that were written.</returns>
    private static List<string> Apply(string tree, ChangeSet changes)
    {
        var files = new WorktreeFiles(tree);
        foreach (var change in changes.Deletions)
        {
            files.Delete(change.Path);
        }

        return [.. changes.Writes.Select(change => files.Write(change.Path, change.Content!))];
    }
}
