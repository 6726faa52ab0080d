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

    /// <summary>
    /// Completes when the forge may be asked to make one more thing. That can take a while where it bears only so many requests, and so
    /// it is waited for before the time of the effect itself is measured.
    /// </summary>
    /// <exception cref="StageException">It would take too long: the job had better wait in its queue.</exception>
    Task ReadyAsync(PullRequestDraft draft, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Whether what becomes of the pull request is heard of: only then can a job wait for it.</summary>
    bool Watches(PullRequestDraft draft) => false;

    /// <summary>Whether the forge has a place for evidence beside a commit.</summary>
    bool KeepsEvidence(PullRequestDraft draft) => false;

    /// <summary>Puts the evidence beside the pushed commit, once: what is there already is brought up to date.</summary>
    /// <returns>Where it can be seen, or why it cannot be shown.</returns>
    Task<string> ReportEvidenceAsync(PullRequestDraft draft, ReviewEvidence evidence, CancellationToken cancellationToken) =>
        throw new NotSupportedException("This forge has no place for evidence");

    /// <summary>
    /// Gives the pull request its labels, reviewers and assignees. Reconciled rather than journaled: doing it again changes nothing.
    /// </summary>
    /// <returns>What could not be done and why, for people; null where all was done.</returns>
    Task<string?> AnnotateAsync(PullRequestDraft draft, PullRequestRef pullRequest, CancellationToken cancellationToken) => Task.FromResult<string?>(null);
}

/// <summary>Why a change may become a pull request: what its review and the repository's own checks said of exactly its tree.</summary>
public sealed record ReviewEvidence(string TreeSha, string Review, IReadOnlyList<CheckRun> Checks);

/// <summary>All that a forge needs to know for a job's branch and pull request.</summary>
/// <param name="IssueUrl">The issue that the pull request resolves, where it stands on a forge.</param>
/// <param name="Labels">That the repository wants on it, besides those of the operator; null for none.</param>
public sealed record PullRequestDraft(
    JobId Job,
    string Tenant,
    string Repository,
    string BaseBranch,
    string Branch,
    CommittedChange Change,
    string Title,
    string Body,
    string? IssueUrl = null,
    IReadOnlyList<string>? Labels = null);
