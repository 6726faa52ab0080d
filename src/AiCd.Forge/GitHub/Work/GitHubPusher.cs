using AiCd.Actors.Ports;
using AiCd.Forge.Git;
using AiCd.Forge.GitHub.Api;
using AiCd.Forge.GitHub.Auth;
using AiCd.Forge.Repositories;
using AiCd.Forge.Worktrees;

namespace AiCd.Forge.GitHub.Work;

/// <summary>Puts a job's commit on the job's branch on GitHub, and on no other.</summary>
internal sealed class GitHubPusher(GitRunner git, Mirrors mirrors, JobCommits commits, GitHubAccesses accesses, RepositoryApi api, ForgeOptions options)
{
    private const string Attempt = "push";
    private const string Own = "aicd/";

    /// <returns>The commit that the branch has, as git itself tells it.</returns>
    public async Task<string?> FindAsync(RemoteRepository head, string branch, CancellationToken cancellationToken)
    {
        var name = "refs/heads/" + branch;
        var list = new GitCommand(["ls-remote", "--quiet", "--refs", "--", head.Address, name]);
        var output = await head.TryRunAsync(git, list, cancellationToken);
        return output.Succeeded
            ? output.Lines.Select(line => line.Split('\t', 2)).FirstOrDefault(fields => fields.Length == 2 && fields[1] == name)?[0]
            : throw GitFailure.Of(list with { Remote = head.Described }, output);
    }

    public async Task PushAsync(PushTarget target, PullRequestDraft draft, Func<CancellationToken, Task<byte[]>> bundle, CancellationToken cancellationToken)
    {
        await RequireOwnAsync(target, draft, cancellationToken);
        var current = await FindAsync(target.Head, draft.Branch, cancellationToken);
        if (current == draft.Change.CommitSha)
        {
            return;
        }

        if (current is not null)
        {
            await RequireOursAsync(target.Head, draft.Branch, current, cancellationToken);
        }

        Mirror mirror;
        using (var locked = await mirrors.LockAsync(draft.Tenant, target.Base, cancellationToken))
        {
            mirror = locked.Mirror;
            await commits.BringAsync(mirror, target.Base, new JobAttempt(draft.Job, Attempt), draft.Change, bundle, cancellationToken);
        }

        await PushAsync(mirror, target.Head, draft, current ?? "", cancellationToken);
    }

    /// <param name="expected">What the branch must still be; empty if it must not exist.</param>
    private async Task PushAsync(Mirror mirror, RemoteRepository head, PullRequestDraft draft, string expected, CancellationToken cancellationToken)
    {
        var name = "refs/heads/" + draft.Branch;
        var push = mirror.Place.Command(
            "push", "--porcelain", "--no-verify", "--no-follow-tags", "--no-signed", "--recurse-submodules=no",
            $"--force-with-lease={name}:{expected}", "--", head.Address, $"{draft.Change.CommitSha}:{name}");
        var output = await head.TryPushAsync(git, push, cancellationToken);
        if (!output.Succeeded)
        {
            throw output.Text.Contains("stale info", StringComparison.Ordinal)
                ? new StageException(FaultKind.Transient, "branch_moved", $"The branch {draft.Branch} of {head.Name} changed while it was pushed")
                : GitFailure.Of(push with { Remote = head.Described }, output with { Errors = $"{output.Errors}\n{output.Text}".Trim() });
        }
    }

    private async Task RequireOwnAsync(PushTarget target, PullRequestDraft draft, CancellationToken cancellationToken)
    {
        var valid = draft.Branch.StartsWith(Own, StringComparison.Ordinal)
            && draft.Branch != draft.BaseBranch
            && draft.Branch != target.Head.Body.DefaultBranch
            && (await git.TryRunAsync(new GitCommand(["check-ref-format", "refs/heads/" + draft.Branch]), cancellationToken)).Succeeded;
        if (!valid)
        {
            throw new StageException(FaultKind.Permanent, "branch_invalid", $"'{Paths.PathRefusal.Shown(draft.Branch)}' is no branch of a job's own: expected {Own}…");
        }
    }

    /// <summary>An earlier job of the same branch may have left its commit there. What anybody else committed is not overwritten.</summary>
    private async Task RequireOursAsync(RemoteRepository head, string branch, string sha, CancellationToken cancellationToken)
    {
        var commit = await api.GetCommitAsync(await accesses.ForAsync(head.Repository, TokenUse.Work, cancellationToken), head.Repository, sha, cancellationToken);
        if (commit.Committer is not { } by || by.Name != options.AuthorName || by.Email != options.AuthorEmail)
        {
            throw new StageException(FaultKind.Permanent, "branch_taken",
                $"The branch {branch} of {head.Name} has work by {commit.Committer?.Name} <{commit.Committer?.Email}>, which is not overwritten");
        }
    }
}
