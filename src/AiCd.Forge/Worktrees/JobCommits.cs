using AiCd.Actors.Jobs.Payloads;
using AiCd.Actors.Ports;
using AiCd.Forge.Repositories;

namespace AiCd.Forge.Worktrees;

/// <summary>The commits of jobs in mirrors: brought from wherever they still are, and kept until the job is removed.</summary>
internal sealed class JobCommits(string dataFolder)
{
    /// <summary>Makes sure that the mirror has a commit of a job with its base: from the mirror itself, the source, or the bundle.</summary>
    /// <exception cref="StageException">Nothing has it any more, or it is not what it is said to be.</exception>
    public async Task BringAsync(
        Mirror mirror,
        IMirrorSource source,
        JobAttempt owner,
        CommittedChange change,
        Func<CancellationToken, Task<byte[]>>? bundle,
        CancellationToken cancellationToken)
    {
        var pin = JobRefs.Base(owner.Job, owner.Attempt);
        if (!await mirror.HasCommitAsync(change.BaseSha, cancellationToken)
            && !await mirror.TryFetchCommitAsync(source, change.BaseSha, pin, cancellationToken))
        {
            throw new StageException(FaultKind.Permanent, "base_not_found",
                $"{source.Name} does not have the commit {change.BaseSha} any more, on which the job's work stands");
        }

        await PinBaseAsync(mirror, owner, change.BaseSha, cancellationToken);
        if (!await mirror.HasCommitAsync(change.CommitSha, cancellationToken))
        {
            await ImportAsync(mirror, change, bundle, cancellationToken);
        }

        await RequireSameAsync(mirror, change, cancellationToken);
        await mirror.PinAsync(JobRefs.Commit(owner.Job, owner.Attempt), change.CommitSha, cancellationToken);
    }

    public async Task PinBaseAsync(Mirror mirror, JobAttempt owner, string sha, CancellationToken cancellationToken)
    {
        // First the note, then the pin: what is pinned can always be found again.
        var layout = WorktreeLayout.Of(dataFolder, owner.Job, owner.Attempt);
        PrivateFolder.Create(layout.JobFolder);
        await File.WriteAllTextAsync(layout.MirrorNote, mirror.Folder, cancellationToken);
        await mirror.PinAsync(JobRefs.Base(owner.Job, owner.Attempt), sha, cancellationToken);
    }

    private static async Task ImportAsync(
        Mirror mirror, CommittedChange change, Func<CancellationToken, Task<byte[]>>? bundle, CancellationToken cancellationToken)
    {
        if (bundle is null)
        {
            throw new StageException(FaultKind.Permanent, "commit_not_found",
                $"This node has neither the commit {change.CommitSha} nor a bundle with it");
        }

        await mirror.ImportAsync(await bundle(cancellationToken), cancellationToken);
        if (!await mirror.HasCommitAsync(change.CommitSha, cancellationToken))
        {
            throw new StageException(FaultKind.Permanent, "commit_not_found", $"The bundle does not have the commit {change.CommitSha}");
        }
    }

    /// <summary>What was reviewed is a tree; a commit that does not have it, or stands on something else, is not what was reviewed.</summary>
    private static async Task RequireSameAsync(Mirror mirror, CommittedChange change, CancellationToken cancellationToken)
    {
        var (tree, parents) = await mirror.InspectAsync(change.CommitSha, cancellationToken);
        if (tree != change.TreeSha || parents != change.BaseSha)
        {
            throw new StageException(FaultKind.Permanent, "commit_mismatch",
                $"The commit {change.CommitSha} has the tree {tree} upon {parents}, expected {change.TreeSha} upon {change.BaseSha}");
        }
    }
}
