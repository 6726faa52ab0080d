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
        var named = Apply(place.WorkTree!, ChangeSet.Of(changes));
        var ignored = await git.RunAsync(place.Command("ls-files", "-z", "--others", "--ignored", "--exclude-standard", "--directory"), cancellationToken);
        TreeScan.Check(place.WorkTree!, ignored.Records.ToHashSet(StringComparer.Ordinal), cancellationToken);
        await git.RunAsync(place.Command("add", "--all"), cancellationToken);
        if (named.Count > 0)
        {
            var input = Encoding.UTF8.GetBytes(string.Concat(named.Select(path => path + '\0')));
            await git.RunAsync(place.Command("update-index", "--add", "--remove", "-z", "--stdin") with { Input = input }, cancellationToken);
        }

        return (await git.RunAsync(place.Command("write-tree"), cancellationToken)).Line;
    }

    private static List<string> Apply(string tree, ChangeSet changes)
    {
        var files = new WorktreeFiles(tree);
        return
        [
            .. changes.Deletions.Select(change => files.Delete(change.Path)),
            .. changes.Writes.Select(change => files.Write(change.Path, change.Content!)),
        ];
    }
}
