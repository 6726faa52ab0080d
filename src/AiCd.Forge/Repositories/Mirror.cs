using AiCd.Forge.Git;

namespace AiCd.Forge.Repositories;

/// <summary>
/// A bare repository of our own with what jobs need of a source. Only its objects are shared with worktrees; its configuration is
/// ours alone. Methods that change refs are called by the holder of its lock only.
/// </summary>
internal sealed class Mirror(GitRunner git, string folder)
{
    public string Folder { get; } = folder;

    public GitPlace Place { get; } = new(folder);

    private GitPlace Writer { get; } = new(folder, Writer: true);

    public async Task<bool> HasCommitAsync(string sha, CancellationToken cancellationToken) =>
        (await git.TryRunAsync(Place.Command("cat-file", "-e", $"{sha}^{{commit}}"), cancellationToken)).Succeeded;

    public async Task<(string Tree, string Parents)> InspectAsync(string commit, CancellationToken cancellationToken)
    {
        var lines = (await git.RunAsync(
            Place.Command("show", "--no-patch", "--format=%T%n%P", "--end-of-options", commit), cancellationToken)).Lines;
        return (lines[0], lines.Count > 1 ? lines[1] : "");
    }

    /// <returns>The tip of the branch.</returns>
    public async Task<string> FetchBranchAsync(IMirrorSource source, string branch, CancellationToken cancellationToken)
    {
        var tip = JobRefs.Source(branch);
        var fetch = Fetch(source, $"+refs/heads/{branch}:{tip}");
        var output = await source.TryRunAsync(git, fetch, cancellationToken);
        if (!output.Succeeded)
        {
            throw GitFailure.Of(fetch with { Remote = source.Described }, output);
        }

        return (await git.RunAsync(Place.Command("rev-parse", "--verify", $"{tip}^{{commit}}"), cancellationToken)).Line;
    }

    /// <summary>Brings a commit that need not be on a branch any more.</summary>
    /// <returns>Whether the source still has it.</returns>
    public async Task<bool> TryFetchCommitAsync(IMirrorSource source, string sha, string pin, CancellationToken cancellationToken) =>
        (await source.TryRunAsync(git, Fetch(source, $"+{sha}:{pin}"), cancellationToken)).Succeeded;

    public async Task ImportAsync(byte[] bundle, CancellationToken cancellationToken)
    {
        var file = Path.Combine(Folder, $"incoming-{Guid.NewGuid():N}.bundle");
        try
        {
            await File.WriteAllBytesAsync(file, bundle, cancellationToken);
            await git.RunAsync(Writer.Command("bundle", "unbundle", file), cancellationToken);
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <summary>Keeps a commit, whatever becomes of the branch that it was on.</summary>
    public Task PinAsync(string name, string sha, CancellationToken cancellationToken) =>
        git.RunAsync(Writer.Command("update-ref", "--no-deref", "--end-of-options", name, sha), cancellationToken);

    public async Task UnpinAsync(string prefix, CancellationToken cancellationToken)
    {
        var deletions = await git.RunAsync(Place.Command("for-each-ref", "--format=delete %(refname)", prefix), cancellationToken);
        if (deletions.Bytes.Length > 0)
        {
            await git.RunAsync(Writer.Command("update-ref", "--no-deref", "--stdin") with { Input = deletions.Bytes }, cancellationToken);
        }
    }

    /// <summary>Lets git tidy up when it sees need. It keeps unreferenced objects for two weeks, so work in progress is safe.</summary>
    public Task TidyAsync(CancellationToken cancellationToken) =>
        git.TryRunAsync(Writer.Command("-c", "gc.auto=6700", "gc", "--auto", "--quiet"), cancellationToken);

    private GitCommand Fetch(IMirrorSource source, string refspec) => Writer.Command(
    [
        "fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--no-auto-maintenance", "--no-recurse-submodules", "--update-shallow", "--refmap=",
        .. source.FetchOptions(git.Executable), "--", source.Address, refspec,
    ]);
}
