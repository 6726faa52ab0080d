using AiCd.Actors.Ports;
using AiCd.Forge.Repositories;

namespace AiCd.Forge.Worktrees;

/// <summary>Brings what an attempt starts from into the mirror, and pins it there.</summary>
internal sealed class StartingPoints(MirrorSources sources, Branches branches, Mirrors mirrors, JobCommits commits)
{
    /// <returns>Where an earlier attempt started from, or null where the mirror does not have it any more.</returns>
    public async Task<StartingPoint?> ResumeAsync(WorkspaceRequest request, WorktreeOrigin origin, CancellationToken cancellationToken)
    {
        if (origin.Commit != (request.From?.CommitSha ?? origin.BaseSha))
        {
            return null;
        }

        var source = await sources.FindAsync(request.Tenant, request.Repository, cancellationToken);
        using var locked = await mirrors.LockAsync(request.Tenant, source, cancellationToken);
        var owner = new JobAttempt(request.Job, request.AttemptId);
        if (request.From is { } from)
        {
            await commits.BringAsync(locked.Mirror, source, owner, from, request.Bundle, cancellationToken);
        }
        else if (await locked.Mirror.HasCommitAsync(origin.BaseSha, cancellationToken))
        {
            await commits.PinBaseAsync(locked.Mirror, owner, origin.BaseSha, cancellationToken);
        }
        else
        {
            return null;
        }

        return new StartingPoint(locked.Mirror, origin.BaseSha, origin.Commit);
    }

    public async Task<StartingPoint> PrepareAsync(WorkspaceRequest request, CancellationToken cancellationToken)
    {
        var source = await sources.FindAsync(request.Tenant, request.Repository, cancellationToken);
        using var locked = await mirrors.LockAsync(request.Tenant, source, cancellationToken);
        var mirror = locked.Mirror;
        var owner = new JobAttempt(request.Job, request.AttemptId);
        if (request.From is { } from)
        {
            await commits.BringAsync(mirror, source, owner, from, request.Bundle, cancellationToken);
            return new StartingPoint(mirror, from.BaseSha, from.CommitSha);
        }

        var branch = source is SourceRepository local
            ? (await branches.ResolveBaseAsync(local, request.BaseBranch, cancellationToken)).Branch
            : request.BaseBranch;
        var tip = await mirror.FetchBranchAsync(source, branch, cancellationToken);
        await commits.PinBaseAsync(mirror, owner, tip, cancellationToken);
        return new StartingPoint(mirror, tip, tip);
    }
}
