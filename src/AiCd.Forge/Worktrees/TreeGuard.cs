using System.Globalization;
using System.Text;
using AiCd.Actors.Ports;
using AiCd.Forge.Git;
using AiCd.Forge.Paths;

namespace AiCd.Forge.Worktrees;

/// <summary>
/// Judges exactly what is to leave: the difference between the base and the new tree object. What the base has already and the
/// change leaves alone is the repository's own affair.
/// </summary>
internal sealed class TreeGuard(GitRunner git, Blobs blobs)
{
    // Git LFS itself reads nothing longer as a pointer.
    private const long MaxPointer = 1024;

    /// <exception cref="StageException">Something is refused.</exception>
    public async Task CheckAsync(GitPlace place, string baseSha, string tree, CancellationToken cancellationToken)
    {
        var output = await git.RunAsync(
            place.Command(
                "diff-tree", "-r", "-z", "--raw", "--no-renames", "--no-abbrev", "--no-ext-diff", "--no-textconv", "--end-of-options", baseSha, tree),
            cancellationToken);
        var entries = TreeEntry.Parse(output.Bytes).Where(entry => !entry.IsDeleted).ToList();
        foreach (var entry in entries)
        {
            PathRules.Check(entry.Path);
            if (entry.IsSubmodule)
            {
                throw PathRefusal.Because(entry.Path, "would be a submodule, which a job may neither add nor move");
            }
        }

        await CheckLinksAsync(place, [.. entries.Where(entry => entry.IsLink)], cancellationToken);
        await CheckPointersAsync(place, [.. entries.Where(entry => !entry.IsLink && entry.OldBlob.Trim('0').Length > 0)], cancellationToken);
        foreach (var entry in entries.Where(entry => entry.Path.EndsWith(GitNames.Modules, StringComparison.Ordinal)))
        {
            await CheckModulesAsync(place, entry, cancellationToken);
        }
    }

    private async Task CheckLinksAsync(GitPlace place, IReadOnlyList<TreeEntry> links, CancellationToken cancellationToken)
    {
        var targets = await blobs.ReadAsync(place, [.. links.Select(link => link.Blob)], cancellationToken);
        foreach (var (link, target) in links.Zip(targets))
        {
            if (LinkRules.Objection(link.Path, Encoding.UTF8.GetString(target)) is { } reason)
            {
                throw PathRefusal.Because(link.Path, reason);
            }
        }
    }

    /// <summary>
    /// A file that Git LFS keeps elsewhere is a short pointer in the tree. Filters are off, so a change of it would put the content itself
    /// where everybody expects a pointer.
    /// </summary>
    private async Task CheckPointersAsync(GitPlace place, IReadOnlyList<TreeEntry> changed, CancellationToken cancellationToken)
    {
        var sizes = await SizesAsync(place, changed, cancellationToken);
        var small = changed.Where((_, i) => sizes[i] <= MaxPointer).ToList();
        var before = await blobs.ReadAsync(place, [.. small.Select(entry => entry.OldBlob)], cancellationToken);
        var pointers = small.Where((_, i) => IsPointer(before[i])).ToList();
        var after = await blobs.ReadAsync(place, [.. pointers.Select(entry => entry.Blob)], cancellationToken);
        for (var i = 0; i < pointers.Count; i++)
        {
            if (!IsPointer(after[i]))
            {
                throw PathRefusal.Because(pointers[i].Path, "is kept by Git LFS, whose files a job cannot change");
            }
        }
    }

    private async Task<IReadOnlyList<long>> SizesAsync(GitPlace place, IReadOnlyList<TreeEntry> entries, CancellationToken cancellationToken)
    {
        if (entries.Count == 0)
        {
            return [];
        }

        var input = Encoding.UTF8.GetBytes(string.Concat(entries.Select(entry => entry.OldBlob + "\n")));
        var output = await git.RunAsync(place.Command("cat-file", "--batch-check=%(objectsize)") with { Input = input }, cancellationToken);

        // The content of a submodule is not in this repository: of no size that matters here.
        return [.. output.Lines.Select(line => long.TryParse(line, NumberStyles.None, CultureInfo.InvariantCulture, out var size) ? size : long.MaxValue)];
    }

    private static bool IsPointer(byte[] content) => content.AsSpan().StartsWith("version https://git-lfs.github.com/spec/"u8);

    private async Task CheckModulesAsync(GitPlace place, TreeEntry entry, CancellationToken cancellationToken)
    {
        var settings = await SettingsAsync(place, entry.Blob, cancellationToken);
        if (settings is null)
        {
            throw PathRefusal.Because(entry.Path, "cannot be read as a list of submodules");
        }

        var known = entry.OldBlob.Trim('0').Length == 0 ? null : await SettingsAsync(place, entry.OldBlob, cancellationToken);
        if (settings.Except(known ?? []).Select(ModuleRules.Objection).FirstOrDefault(reason => reason is not null) is { } objection)
        {
            throw PathRefusal.Because(entry.Path, objection);
        }
    }

    /// <returns>Key, line break, value; null where git cannot parse the file. Git follows no include in a blob.</returns>
    private async Task<IReadOnlyList<string>?> SettingsAsync(GitPlace place, string blob, CancellationToken cancellationToken)
    {
        var output = await git.TryRunAsync(place.Command("config", "--blob", blob, "--no-includes", "--null", "--list"), cancellationToken);
        return output.Succeeded ? output.Records : null;
    }
}
