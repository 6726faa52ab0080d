using AiCd.Actors.Jobs;
using AiCd.Actors.Journal;

namespace AiCd.Actors.Projections;

/// <summary>What lists and boards show of a job. A pure function of the job, so that it can always be made again from the journal.</summary>
/// <remarks>Texts are such as every engine can hold: what a model or a process said may be anything, and one row must not stop all others.</remarks>
/// <param name="Attempt">Number of the attempt that runs, or 0.</param>
/// <param name="Round">The coding round, from 1.</param>
public sealed record JobView(
    JobId Id,
    string Tenant,
    JobState State,
    int Seq,
    string Title,
    string Repository,
    string BaseBranch,
    string Branch,
    string Agent,
    int Priority,
    int Attempt,
    int Round,
    int? PullRequestNumber,
    string? PullRequestUrl,
    string? FailureCode,
    string? FailureMessage,
    DateTimeOffset SubmittedAt,
    DateTimeOffset UpdatedAt)
{
    public string? Url { get; init; }

    /// <summary>Who asked for the job.</summary>
    public string? By { get; init; }

    public JobId? Parent { get; init; }

    public JobLinkKind? ParentKind { get; init; }

    /// <summary>One a line, so that two views of the same job are equal.</summary>
    public string LabelLines { get; init; } = "";

    public IReadOnlyList<string> Labels => LabelLines.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>What the job waits for where a person has to do something: <c>approval</c> or <c>budget</c>.</summary>
    public string? Hold { get; init; }

    public long? BudgetMicros { get; init; }

    public long CostMicros { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>When the job last moved on. What is added to one that has ended does not move it.</summary>
    public DateTimeOffset MovedAt => EndedAt ?? UpdatedAt;

    public StageTimes Times { get; init; } = StageTimes.None;

    public static JobView Of(Job job) => new(
        job.Id,
        job.Submission.Tenant,
        job.State,
        job.Seq,
        StorableText.Clean(job.Submission.Title),
        StorableText.Clean(job.Submission.Repository),
        StorableText.Clean(job.Submission.BaseBranch),
        StorableText.Clean(job.Submission.Branch),
        StorableText.Clean(job.Submission.Agent),
        job.Priority,
        job.Entry.Running?.Number ?? 0,
        job.RejectedRounds + 1,
        job.PullRequest?.Number,
        StorableText.Clean(job.PullRequest?.Url),
        StorableText.Clean(job.Failure?.Code),
        StorableText.Clean(job.Failure?.Message),
        job.SubmittedAt,
        job.UpdatedAt)
    {
        Url = job.Submission.Url,
        By = job.Submission.By,
        Parent = job.Submission.Parent?.Job,
        ParentKind = job.Submission.Parent?.Kind,
        LabelLines = string.Join('\n', job.Submission.Labels ?? []),
        Hold = job.ProposedPlan is not null ? "approval" : job.BudgetHold is not null ? "budget" : null,
        BudgetMicros = job.Submission.BudgetMicros,
        CostMicros = job.Usage.CostMicros,
        EndedAt = job.EndedAt,
        Times = job.Times,
    };
}
