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
        job.Submission.Priority,
        job.Entry.Running?.Number ?? 0,
        job.RejectedRounds + 1,
        job.PullRequest?.Number,
        StorableText.Clean(job.PullRequest?.Url),
        StorableText.Clean(job.Failure?.Code),
        StorableText.Clean(job.Failure?.Message),
        job.SubmittedAt,
        job.UpdatedAt);
}
