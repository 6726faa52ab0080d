using AiCd.Actors.Jobs;
using AiCd.Actors.Jobs.Payloads;

namespace AiCd.Actors.Ports;

/// <summary>
/// Where branches are pushed and pull requests live. Each effect has a probe, and the caller journals the intent before it acts:
/// after a crash the probe says what happened.
/// </summary>
public interface IForge
{
    /// <returns>The commit that the branch has on the forge, or null where there is no such branch.</returns>
    Task<string?> FindBranchAsync(PullRequestDraft draft, CancellationToken cancellationToken);

    /// <summary>Puts the commit on the job's own branch; never touches another.</summary>
    Task PushAsync(PullRequestDraft draft, Func<CancellationToken, Task<byte[]>> bundle, CancellationToken cancellationToken);

    /// <returns>
    /// The pull request of the job's branch, open or closed, or null where there is none. One that an earlier job of the same
    /// branch opened is the job's only after <see cref="OpenPullRequestAsync"/> has adopted it.
    /// </returns>
    Task<PullRequestRef?> FindPullRequestAsync(PullRequestDraft draft, CancellationToken cancellationToken);

    /// <summary>Opens the pull request; adopts one that is there already for this branch.</summary>
    Task<PullRequestRef> OpenPullRequestAsync(PullRequestDraft draft, CancellationToken cancellationToken);

    /// <summary>A cancelled job closes what it opened.</summary>
    Task ClosePullRequestAsync(PullRequestDraft draft, PullRequestRef pullRequest, CancellationToken cancellationToken);
}

/// <summary>All that a forge needs to know for a job's branch and pull request.</summary>
public sealed record PullRequestDraft(
    JobId Job,
    string Tenant,
    string Repository,
    string BaseBranch,
    string Branch,
    CommittedChange Change,
    string Title,
    string Body);
