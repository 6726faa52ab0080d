using System.Globalization;
using AiCd.Actors.Ports;
using AiCd.Forge.Git;

namespace AiCd.Forge.Worktrees;

/// <summary>Reads single files of a commit from the object store: no worktree is asked, so nothing that works in one can answer.</summary>
internal sealed class BaseFiles(GitRunner git)
{
    /// <returns>Null where the commit has nothing at this path.</returns>
    /// <exception cref="StageException">It is no plain file, or too large.</exception>
    public async Task<byte[]?> ReadAsync(GitPlace place, string commit, string path, int maxBytes, CancellationToken cancellationToken)
    {
        // "mode type object size TAB path"
        var listing = await git.RunAsync(place.Command("ls-tree", "-z", "--long", "--full-tree", "--end-of-options", commit, path), cancellationToken);
        if (listing.Records is not [var record, ..])
        {
            return null;
        }

        var facts = record[..record.IndexOf('\t', StringComparison.Ordinal)].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (facts[0] is not ("100644" or "100755"))
        {
            throw new StageException(FaultKind.Permanent, "base_file_refused", $"{path} of commit {commit}: expected a plain file, found a {facts[1]} of mode {facts[0]}");
        }

        return long.Parse(facts[3], CultureInfo.InvariantCulture) <= maxBytes
            ? (await git.RunAsync(place.Command("cat-file", "blob", facts[2]), cancellationToken)).Bytes
            : throw new StageException(FaultKind.Permanent, "base_file_refused", $"{path} of commit {commit}: expected at most {maxBytes} bytes, found {facts[3]}");
    }
}
