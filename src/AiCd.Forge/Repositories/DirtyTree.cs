using AiCd.Forge.Git;

namespace AiCd.Forge.Repositories;

/// <summary>
/// Whether a source's work tree differs from what is committed, found without its configuration: that could name filters, and
/// comparing files runs them. So git is given a repository of our own, with the source's objects and a copy of its index.
/// </summary>
internal sealed class DirtyTree(GitRunner git, string dataFolder)
{
    /// <returns>A notice for the user, or null where nothing differs or nothing can be said.</returns>
    public async Task<string?> NoticeAsync(SourceRepository source, string baseBranch, CancellationToken cancellationToken)
    {
        var index = Path.Combine(source.GitDirectory, "index");
        if (source.IsBare || !File.Exists(index))
        {
            return null;
        }

        var probe = Path.Combine(PrivateFolder.Create(Path.Combine(dataFolder, "git", "probes")), Guid.NewGuid().ToString("N"));
        try
        {
            var format = await git.RunAsync(source.Place.Command("rev-parse", "--show-object-format"), cancellationToken);
            await git.RunAsync(
                new GitCommand(["init", "--quiet", "--bare", "--template=", $"--object-format={format.Line}", "--", probe]), cancellationToken);
            await File.WriteAllTextAsync(Path.Combine(probe, "objects", "info", "alternates"), Path.Combine(source.CommonDirectory, "objects") + "\n", cancellationToken);
            var place = new GitPlace(probe, source.Path, Path.Combine(probe, "index"));
            File.Copy(index, place.Index!);
            return await DiffersAsync(source, place, cancellationToken)
                ? $"{source.Path} has uncommitted changes, which the job neither sees nor touches: it starts from the last commit of {baseBranch}."
                : null;
        }
        finally
        {
            FolderRemoval.Delete(probe);
        }
    }

    private async Task<bool> DiffersAsync(SourceRepository source, GitPlace place, CancellationToken cancellationToken)
    {
        var head = await git.TryRunAsync(source.Place.Command("rev-parse", "--verify", "--quiet", "HEAD^{commit}"), cancellationToken);
        await git.TryRunAsync(place.Command("update-index", "-q", "--refresh"), cancellationToken);
        var difference = await git.TryRunAsync(
            place.Command("diff-index", "--quiet", "--no-ext-diff", "--no-textconv", "--ignore-submodules=all", head.Line, "--"), cancellationToken);

        // 1 says that something differs; anything above, that git could not tell (an index of a kind that cannot be copied).
        return head.Succeeded && difference.ExitCode == 1;
    }
}
