using AiCd.Actors.Ports;
using AiCd.Forge.Git;
using AiCd.Forge.Repositories;
using AiCd.Forge.Worktrees;

namespace AiCd.Forge.Local;

/// <summary>Puts a job's commit on the job's branch of the source repository, and on no other.</summary>
internal sealed class BranchPusher(GitRunner git, Mirrors mirrors, JobCommits commits, SourceRefLocks locks, ForgeOptions options)
{
    private const string Attempt = "push";

    public async Task PushAsync(
        SourceRepository source, PullRequestDraft draft, Func<CancellationToken, Task<byte[]>> bundle, CancellationToken cancellationToken)
    {
        var branch = await SourceBranch.FindAsync(git, source, draft.Branch, cancellationToken);
        if (branch?.Sha == draft.Change.CommitSha && branch.Target.Length == 0)
        {
            return;
        }

        RequireFree(source, draft, branch);
        Mirror mirror;
        using (var locked = await mirrors.LockAsync(draft.Tenant, source, cancellationToken))
        {
            mirror = locked.Mirror;
            await commits.BringAsync(mirror, source, new JobAttempt(draft.Job, Attempt), draft.Change, bundle, cancellationToken);
        }

        await PushAsync(mirror, source, draft, branch?.Sha ?? "", cancellationToken);
    }

    /// <exception cref="StageException">The branch is not the job's to move.</exception>
    private void RequireFree(SourceRepository source, PullRequestDraft draft, SourceBranch? branch)
    {
        if (draft.Branch == draft.BaseBranch)
        {
            throw new StageException(FaultKind.Permanent, "branch_invalid", $"The job's branch is its base branch, {draft.BaseBranch}");
        }

        if (branch is null)
        {
            return;
        }

        if (branch.CheckedOutAt.Length > 0)
        {
            throw new StageException(FaultKind.Permanent, "branch_checked_out",
                $"The branch {draft.Branch} is checked out in {branch.CheckedOutAt}: check out another there, then retry the job");
        }

        // An earlier job of the same branch may have left its commit there. What anybody else committed is not overwritten.
        if (branch.Target.Length > 0 || branch.Committer != $"{options.AuthorName} <{options.AuthorEmail}>")
        {
            throw new StageException(FaultKind.Permanent, "branch_taken",
                $"The branch {draft.Branch} of {source.Path} has work by {(branch.Target.Length > 0 ? branch.Target : branch.Committer)}, which is not overwritten");
        }
    }

    /// <param name="expected">What the branch must still be; empty if it must not exist.</param>
    private async Task PushAsync(Mirror mirror, SourceRepository source, PullRequestDraft draft, string expected, CancellationToken cancellationToken)
    {
        var name = "refs/heads/" + draft.Branch;
        locks.ClearDead(source, name);
        var push = mirror.Place.Command(
            "push", "--porcelain", "--no-verify", "--no-follow-tags", "--no-signed", "--recurse-submodules=no",
            $"--receive-pack={OtherSide.ReceivePack(git.Executable)}", $"--force-with-lease={name}:{expected}", "--", source.CommonDirectory, $"{draft.Change.CommitSha}:{name}");
        var output = await git.TryRunAsync(push, cancellationToken);
        if (!output.Succeeded)
        {
            var moved = output.Text.Contains("stale info", StringComparison.Ordinal);
            throw moved
                ? new StageException(FaultKind.Transient, "branch_moved",
                    $"The branch {draft.Branch} of {source.Path} changed while it was pushed")
                : GitFailure.Of(push, output with { Errors = $"{output.Errors}\n{output.Text}".Trim() });
        }
    }
}
