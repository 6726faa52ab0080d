using System.Globalization;
using System.Text;
using AiCd.Forge.Git;

namespace AiCd.Forge.Worktrees;

/// <summary>
/// Differences between two commits. The place has no work tree and no branch, so git reads no attributes of the tree: a change
/// cannot hide itself from its reviewer by declaring its files binary.
/// </summary>
internal sealed class DiffReader(GitRunner git, ForgeOptions options)
{
    /// <summary>Unified diff, renames detected; a long one is cut at the end of a line, with a note.</summary>
    public async Task<string> ReadAsync(GitPlace place, string from, string to, CancellationToken cancellationToken)
    {
        var command = Diff(place, from, to, "--patch", "--src-prefix=a/", "--dst-prefix=b/", "--submodule=short")
            with
        { OutputLimit = options.MaxDiffBytes, CutOutput = true };
        var output = await git.RunAsync(command, cancellationToken);
        if (output.TotalBytes <= output.Bytes.Length)
        {
            return output.Text;
        }

        var kept = output.Bytes.AsSpan(0, output.Bytes.AsSpan().LastIndexOf((byte)'\n') + 1);
        return Encoding.UTF8.GetString(kept) + string.Create(CultureInfo.InvariantCulture, $"[The diff is cut here: {kept.Length} of {output.TotalBytes} bytes are shown.]\n");
    }

    /// <summary>Binary files count as changed, without lines.</summary>
    public async Task<(int Files, int Insertions, int Deletions)> CountAsync(GitPlace place, string from, string to, CancellationToken cancellationToken)
    {
        // "insertions TAB deletions TAB path"; of a rename the path is empty, and two records with the paths follow.
        var counts = (await git.RunAsync(Diff(place, from, to, "--numstat", "-z"), cancellationToken)).Records
            .Select(record => record.Split('\t', 3))
            .Where(fields => fields.Length == 3 && fields.Take(2).All(field => field == "-" || int.TryParse(field, CultureInfo.InvariantCulture, out _)))
            .ToList();
        return (counts.Count, counts.Sum(fields => Lines(fields[0])), counts.Sum(fields => Lines(fields[1])));
    }

    /// <summary>The paths that differ; of a rename the old one and the new one.</summary>
    public async Task<IReadOnlyList<string>> PathsAsync(GitPlace place, string from, string to, CancellationToken cancellationToken) =>
        (await git.RunAsync(Diff(place, from, to, "--no-renames", "--name-only", "-z"), cancellationToken)).Records;

    private static int Lines(string field) => field == "-" ? 0 : int.Parse(field, CultureInfo.InvariantCulture);

    private static GitCommand Diff(GitPlace place, string from, string to, params string[] options) => place.Command(
        ["diff-tree", "-r", "-M", "--no-color", "--no-ext-diff", "--no-textconv", "--ignore-submodules=none", .. options, "--end-of-options", from, to]);
}
