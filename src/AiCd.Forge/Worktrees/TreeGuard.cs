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
