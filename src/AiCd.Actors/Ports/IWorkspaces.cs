using AiCd.Actors.Jobs;
using AiCd.Actors.Jobs.Payloads;

namespace AiCd.Actors.Ports;

/// <summary>
/// Working copies of repositories on this node. A workspace belongs to one attempt; nothing in it has to survive, because what
/// matters of an attempt is its commit, and that travels as a bundle.
/// </summary>
public interface IWorkspaces
{
    /// <summary>Checks a repository and branch before a job is made of them, and gives them their normal form.</summary>
    /// <param name="baseBranch">Null for the repository's default branch.</param>
    /// <exception cref="StageException">There is no such repository or branch, or it has no commit.</exception>
    Task<RepositoryTarget> ResolveAsync(string tenant, string repository, string? baseBranch, CancellationToken cancellationToken);

    /// <summary>A file of the target's commit, before or after there is a worktree of it; null where the commit has none at this path.</summary>
    /// <exception cref="StageException">It is a link or a folder, or too large, or the repository cannot be read.</exception>
    Task<byte[]?> ReadBaseFileAsync(string tenant, RepositoryTarget target, string path, int maxBytes, CancellationToken cancellationToken) =>
        Task.FromResult<byte[]?>(null);

    /// <summary>
    /// Makes the worktree of an attempt: the tip of the base branch, or the commit that an earlier attempt of the job left.
    /// </summary>
    Task<IWorkspace> OpenAsync(WorkspaceRequest request, CancellationToken cancellationToken);

    /// <returns>The jobs that left something on this node's disk.</returns>
    Task<IReadOnlyList<JobId>> ListAsync(CancellationToken cancellationToken);

    /// <summary>Removes what the job left on this node's disk.</summary>
    Task RemoveAsync(JobId job, CancellationToken cancellationToken);
}

/// <param name="Repository">In its normal form.</param>
/// <param name="Notice">What the user should know before the job starts, such as uncommitted changes that it will not see.</param>
public sealed record RepositoryTarget(string Repository, string BaseBranch, string BaseSha, string? Notice = null);

/// <param name="From">The commit to go on from, or null for the tip of the base branch.</param>
/// <param name="Bundle">Git bundle with <paramref name="From"/>, read only where this node does not have the commit.</param>
public sealed record WorkspaceRequest(
    JobId Job,
    string Tenant,
    string Repository,
    string BaseBranch,
    string AttemptId,
    CommittedChange? From,
    Func<CancellationToken, Task<byte[]>>? Bundle)
{
    /// <summary>
    /// The attempt of the same job whose worktree this one takes over as it stands, where this node still has it: then that
    /// attempt has none any more. Null for a fresh one.
    /// </summary>
    public string? Resume { get; init; }
}

public interface IWorkspace : IAsyncDisposable
{
    /// <summary>Absolute path of the worktree. The git directory lies elsewhere.</summary>
    string Path { get; }

    /// <summary>True where the worktree was taken over from <see cref="WorkspaceRequest.Resume"/>.</summary>
    bool Resumed => false;

    /// <summary>Leaves the worktree on the disk for a later attempt, until that takes it over or the job is removed.</summary>
    void Keep()
    {
    }

    /// <summary>The commit of the base branch that the work stands on.</summary>
    string BaseSha { get; }

    /// <summary>
    /// A file as the base commit has it, whatever the job made of it; null where the base has none at this path. What a repository
    /// says about its own rules is read in this way only.
    /// </summary>
    /// <exception cref="StageException">It is a link or a folder, or too large.</exception>
    Task<byte[]?> ReadBaseFileAsync(string path, int maxBytes, CancellationToken cancellationToken);

    /// <summary>Every path that the given commit adds, changes or deletes against the base; of a rename both.</summary>
    Task<IReadOnlyList<string>> ChangedPathsAsync(string commitSha, CancellationToken cancellationToken);

    /// <summary>Unified diff between the base and the given commit, renames detected.</summary>
    Task<string> DiffAsync(string commitSha, CancellationToken cancellationToken);

    /// <summary>
    /// Writes the result's changes, checks the whole tree for what must not leave it, and commits it as one commit upon the base.
    /// </summary>
    /// <exception cref="StageException">A path is refused, or nothing was changed.</exception>
    Task<WorkspaceCommit> CommitAsync(CodeResult result, CancellationToken cancellationToken);
}

/// <param name="Bundle">Git bundle of the commit without its base, for nodes that do not have it.</param>
public sealed record WorkspaceCommit(CommittedChange Change, string Diff, byte[] Bundle);
