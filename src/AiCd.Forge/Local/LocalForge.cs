using AiCd.Actors.Jobs.Payloads;
using AiCd.Actors.Ports;
using AiCd.Forge.Git;
using AiCd.Forge.Repositories;

namespace AiCd.Forge.Local;

/// <summary>The forge of repositories on this machine: branches are pushed into them, and pull requests are kept in them.</summary>
internal sealed class LocalForge(
    GitRunner git, SourceRepositories sources, BranchPusher pusher, PullRequestOpener opener, PullRequestRefs refs, TimeProvider clock) : IForge
{
    public async Task<string?> FindBranchAsync(PullRequestDraft draft, CancellationToken cancellationToken)
    {
        var source = await sources.FindAsync(draft.Repository, cancellationToken);
        return (await SourceBranch.FindAsync(git, source, draft.Branch, cancellationToken))?.Sha;
    }

    public async Task PushAsync(PullRequestDraft draft, Func<CancellationToken, Task<byte[]>> bundle, CancellationToken cancellationToken)
    {
        var source = await sources.FindAsync(draft.Repository, cancellationToken);
        await pusher.PushAsync(source, draft, bundle, cancellationToken);
    }

    public async Task<PullRequestRef?> FindPullRequestAsync(PullRequestDraft draft, CancellationToken cancellationToken)
    {
        var source = await sources.FindAsync(draft.Repository, cancellationToken);
        var all = await refs.ListAsync(source, cancellationToken);
        return all.Values.FirstOrDefault(stored => stored.Value.Branch == draft.Branch && stored.Value.Job == draft.Job.Value) is { } found
            ? Reference(source, found.Value)
            : null;
    }

    public async Task<PullRequestRef> OpenPullRequestAsync(PullRequestDraft draft, CancellationToken cancellationToken)
    {
        var source = await sources.FindAsync(draft.Repository, cancellationToken);
        return Reference(source, await opener.OpenAsync(source, draft, cancellationToken));
    }

    public async Task ClosePullRequestAsync(PullRequestDraft draft, PullRequestRef pullRequest, CancellationToken cancellationToken)
    {
        var source = await sources.FindAsync(draft.Repository, cancellationToken);
        while ((await refs.ListAsync(source, cancellationToken)).TryGetValue(pullRequest.Number, out var stored)
            && stored.Value is { State: LocalPullRequestState.Open } open
            && open.Branch == draft.Branch)
        {
            var closed = open with { State = LocalPullRequestState.Closed, UpdatedAt = clock.GetUtcNow() };
            if (await refs.TryReplaceAsync(source, stored, closed, cancellationToken))
            {
                return;
            }
        }
    }

    /// <summary>
    /// A file has no address for a part of git's data, so the URL names the repository, and its fragment the ref with which
    /// <c>git show</c> prints the pull request.
    /// </summary>
    private static PullRequestRef Reference(SourceRepository source, LocalPullRequest pullRequest) => new(
        pullRequest.Number, $"{new Uri(source.Path).AbsoluteUri}#{PullRequestRefs.Name(pullRequest.Number)}", pullRequest.Branch, pullRequest.HeadSha);
}
