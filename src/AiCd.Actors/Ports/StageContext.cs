using AiCd.Actors.Jobs;
using AiCd.Actors.Jobs.Payloads;

namespace AiCd.Actors.Ports;

/// <summary>Everything that a stage's work may know of its job, and the ways in which it may speak back while it runs.</summary>
public sealed record StageContext
{
    public required JobContext Job { get; init; }

    public required Stage Stage { get; init; }

    public required string AttemptId { get; init; }

    /// <summary>From 1 within the stage entry.</summary>
    public required int AttemptNumber { get; init; }

    /// <summary>The worktree of the attempt: read it in every stage, write it while coding.</summary>
    public required string Worktree { get; init; }

    /// <summary>The commit of the base branch that the worktree stands on.</summary>
    public string BaseSha { get; init; } = "";

    /// <summary>Reads a file of the base commit, as <see cref="IWorkspace.ReadBaseFileAsync"/> does.</summary>
    public Func<string, int, CancellationToken, Task<byte[]?>> ReadBaseFileAsync { get; init; } = (_, _, _) => Task.FromResult<byte[]?>(null);

    /// <summary>The plan, from coding on.</summary>
    public PlanResult? Plan { get; init; }

    /// <summary>What the round before changed, from the second round of coding on: a unified diff against the base.</summary>
    public string? PreviousDiff { get; init; }

    /// <summary>The change under review, while reviewing.</summary>
    public ReviewSubject? Subject { get; init; }

    /// <summary>Where the work reports what it is doing; never blocks and never fails.</summary>
    public required IStageProgress Progress { get; init; }

    /// <summary>Where money is asked for before it is spent, and turns are put on record.</summary>
    public IStageRecord Record { get; init; } = NoRecord.Instance;
}

/// <param name="Round">The coding round, from 1: one more than the rejected reviews.</param>
/// <param name="Feedback">What reviewers and people said so far, in order.</param>
public sealed record JobContext(
    JobId Id,
    string Tenant,
    string Repository,
    string BaseBranch,
    Issue Issue,
    int Round,
    IReadOnlyList<ReviewFeedback> Feedback);

/// <param name="Round">The review round that rejected, from 1; 0 for what a person said.</param>
public sealed record ReviewFeedback(int Round, string Text, string? By, IReadOnlyList<ReviewComment> Comments);

/// <param name="Diff">Unified diff of the whole change against its base.</param>
/// <param name="Checks">What the repository's own commands said of exactly this tree.</param>
public sealed record ReviewSubject(CommittedChange Change, string Summary, string Diff, ChecksResult Checks);

public interface IStageProgress
{
    /// <summary>Says in one line what is going on, for people who watch. Untrusted text is welcome: it is escaped where it is shown.</summary>
    void Report(string message);

    /// <summary>Adds to the attempt's transcript, which becomes an artifact of the job.</summary>
    void Record(string role, string text);
}
