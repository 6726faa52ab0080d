using AiCd.Actors.Ports;
using AiCd.Forge.Repositories;

namespace AiCd.Forge.Worktrees;

/// <summary>Brings what an attempt starts from into the mirror, and pins it there.</summary>
internal sealed class StartingPoints(MirrorSources sources, Branches branches, Mirrors mirrors, JobCommits commits)
{
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
