using AiCd.Forge.Git;

namespace AiCd.Forge.Repositories;

/// <summary>The mirrors on this node, one for each tenant and repository.</summary>
internal sealed class Mirrors(GitRunner git, MirrorLocks locks, StaleLocks stale, MirrorSeed seed, string dataFolder)
{
    /// <summary>Outranks every attributes file of a tree: no filter is ever run, and no tree can declare itself binary to a reviewer.</summary>
    private const string Attributes = "* -filter !diff !merge\n";

    private readonly string _root = Path.Combine(dataFolder, "mirrors");

    public string PathOf(string tenant, string repository) => Path.Combine(
        _root, FolderName.Of(tenant), FolderName.WithHash(Path.GetFileNameWithoutExtension(repository), repository) + ".git");

    /// <summary>The mirror of a source under its lock; it is made if there is none yet.</summary>
    public Task<LockedMirror> LockAsync(string tenant, IMirrorSource source, CancellationToken cancellationToken)
    {
        var folder = PathOf(tenant, source.Name);
        return LockAsync(folder, () => Directory.Exists(folder) ? Task.CompletedTask : CreateAsync(source, folder, cancellationToken), cancellationToken);
    }

    public Task<LockedMirror> LockAsync(Mirror mirror, CancellationToken cancellationToken) => LockAsync(mirror.Folder, () => Task.CompletedTask, cancellationToken);

    /// <returns>Null where there is no such mirror.</returns>
    public async Task<LockedMirror?> LockExistingAsync(string folder, CancellationToken cancellationToken) =>
        Directory.Exists(folder) ? await LockAsync(folder, () => Task.CompletedTask, cancellationToken) : null;

    private async Task<LockedMirror> LockAsync(string folder, Func<Task> prepare, CancellationToken cancellationToken)
    {
        var hold = await locks.TakeAsync(folder, cancellationToken);
        try
        {
            await prepare();
            await stale.ClearAsync(folder, cancellationToken);
            return new LockedMirror(new Mirror(git, folder), hold);
        }
        catch
        {
            hold.Dispose();
            throw;
        }
    }

    /// <summary>Made aside and moved into place, so that a crash leaves no half of a mirror.</summary>
    private async Task CreateAsync(IMirrorSource source, string folder, CancellationToken cancellationToken)
    {
        var fresh = folder + ".new";
        FolderRemoval.Delete(fresh);
        var format = await source.ObjectFormatAsync(git, cancellationToken);
        await git.RunAsync(
            new GitCommand(["init", "--quiet", "--bare", "--template=", "--initial-branch=none", $"--object-format={format}", "--", fresh]), cancellationToken);
        PrivateFolder.Create(Path.Combine(fresh, "info"));
        await File.WriteAllTextAsync(Path.Combine(fresh, "info", "attributes"), Attributes, cancellationToken);
        if (source is SourceRepository local)
        {
            seed.Link(local, fresh);
        }

        Directory.Move(fresh, folder);
    }
}

/// <summary>A mirror whose refs may be changed until this is disposed.</summary>
internal sealed class LockedMirror(Mirror mirror, IDisposable hold) : IDisposable
{
    public Mirror Mirror { get; } = mirror;

    public void Dispose() => hold.Dispose();
}
