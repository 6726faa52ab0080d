using AiCd.Actors.Jobs;
using AiCd.Actors.Jobs.Stored;
using AiCd.Actors.Journal;

namespace AiCd.Actors.Runtime;

/// <summary>Makes jobs that go on from others, with what is on record of those.</summary>
public sealed class LinkedJobs(IJobGateway gateway, IStore store, ArtifactReader artifacts)
{
    /// <summary>
    /// Makes a job that goes on from the stage in which the given one ended. While one such job is at work, asking again gives that one.
    /// </summary>
    /// <param name="at">Now: a deadline that is still to come holds for the new job, too.</param>
    /// <returns>A refusal where the job has not failed and was not cancelled.</returns>
    public async Task<LinkResult> RetryAsync(Job ended, string? by, string? idempotencyKey, DateTimeOffset at, CancellationToken cancellationToken)
    {
        if (!MayRetry(ended))
        {
            return new LinkResult.Refused(new Refusal(
                RefusalCodes.InvalidEvent, $"Only a job that failed or was cancelled can be retried; {ended.Id} is in {WireNames.Of(ended.State)}", ended.State));
        }

        var history = await ReadAsync(ended.Id, ended.Seq, cancellationToken);
        var inherited = Inheritance.Of(history, planAnew: ended.Failure?.Code == FailureCodes.ApprovalVoid);
        var link = new NewLink(ended.Id, JobLinkKind.Retry, ended.Seq, ended.Submission.Branch, inherited);
        var job = await NewAsync(ended, link, ended.Submission.Agent, by, at, cancellationToken);
        return new LinkResult.Linked(await gateway.SubmitAsync(job with { Exclusive = ended.Submission.Exclusive, IdempotencyKey = idempotencyKey }, cancellationToken));
    }

    public static bool MayRetry(Job job) => job.State is JobState.Failed or JobState.Cancelled;

    /// <returns>
    /// The job that asking for a retry gives because it is there already: made for the same key, or at work on the branch or the issue. Null
    /// where one would be made, or refused.
    /// </returns>
    public async Task<JobId?> FindRetryAsync(Job ended, string? idempotencyKey, CancellationToken cancellationToken)
    {
        var submission = ended.Submission;
        return await HolderAsync(ClaimKinds.Idempotency, idempotencyKey)
            ?? await HolderAsync(ClaimKinds.Head, ClaimKinds.HeadOf(submission.Repository, submission.Branch))
            ?? await HolderAsync(ClaimKinds.Exclusive, submission.Exclusive);

        async Task<JobId?> HolderAsync(string kind, string? key) =>
            key is null ? null : await store.Journal.FindClaimAsync(submission.Tenant, kind, key, cancellationToken);
    }

    /// <summary>
    /// Makes a job that answers what was said of the given one's pull request: a review from outside that rejects what the job's own had
    /// approved. It begins with coding, on the same branch.
    /// </summary>
    /// <returns>A refusal where the job has not done its work.</returns>
    public async Task<LinkResult> ContinueAsync(Job done, Remarks remarks, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var history = done.State == JobState.Completed ? await ReadAsync(done.Id, done.Seq, cancellationToken) : [];
        var inherited = Inheritance.Of(history).ToList();
        var approved = inherited.FindLastIndex(e => e is JobEvent.ReviewApproved);
        if (approved < 1 || inherited[approved - 1] is not JobEvent.StartReviewing review)
        {
            return new LinkResult.Refused(new Refusal(
                RefusalCodes.InvalidEvent, $"Only a job whose pull request is open can be continued; {done.Id} is in {WireNames.Of(done.State)}", done.State));
        }

        inherited[approved] = new JobEvent.ReviewRejected(review.AttemptId, done.RejectedRounds + 1, remarks.Summary, []) { At = at };
        inherited.Add(new JobEvent.FeedbackAdded(remarks.Text, remarks.By) { At = at });
        var link = new NewLink(done.Id, JobLinkKind.FollowUp, done.Seq, done.Submission.Branch, inherited);
        var job = await NewAsync(done, link, done.Submission.Agent, remarks.By, at, cancellationToken);
        return new LinkResult.Linked(await gateway.SubmitAsync(
            job with { IdempotencyKey = remarks.Key, Exclusive = done.Submission.Exclusive }, cancellationToken));
    }

    /// <summary>Makes a job that goes on from an event of the given one, which goes its own way.</summary>
    /// <param name="seq">The last event that counts, from 1.</param>
    /// <param name="agent">Another agent, or null for the same.</param>
    /// <param name="at">As for <see cref="RetryAsync"/>.</param>
    public async Task<LinkResult> ForkAsync(Job origin, int seq, string? agent, string? by, DateTimeOffset at, CancellationToken cancellationToken)
    {
        if (seq < 1 || seq > origin.Seq)
        {
            return new LinkResult.Refused(new Refusal(RefusalCodes.NotFound, $"Job {origin.Id} has the events 1 to {origin.Seq}", origin.State));
        }

        var history = await ReadAsync(origin.Id, seq, cancellationToken);
        var then = JobEvolver.Replay(origin.Id, history)!;
        var link = new NewLink(origin.Id, JobLinkKind.Fork, seq, Branch: null, Inheritance.Of(history));
        var job = await NewAsync(then, link, agent ?? origin.Submission.Agent, by, at, cancellationToken);
        return new LinkResult.Linked(await gateway.SubmitAsync(job, cancellationToken));
    }

    private async Task<NewJob> NewAsync(Job from, NewLink link, string agent, string? by, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var submission = from.Submission;
        var body = await artifacts.ReadTextAsync(submission.Tenant, submission.Body, cancellationToken);
        return new NewJob(
            submission.Tenant,
            submission.Repository,
            submission.BaseBranch,
            submission.Title,
            body,
            agent,
            from.Priority,
            submission.Url,
            submission.RequirePlanApproval,
            submission.Labels,
            Deadline: submission.Deadline > at ? submission.Deadline : null,
            By: by,
            BudgetMicros: submission.BudgetMicros,
            Link: link);
    }

    private async Task<List<JobEvent>> ReadAsync(JobId job, int upTo, CancellationToken cancellationToken)
    {
        var history = new List<JobEvent>();
        await foreach (var row in store.Journal.ReadJobsAsync([job], cancellationToken))
        {
            if (row.Seq <= upTo)
            {
                history.Add(JobEventCodec.Decode(row.Event, row.Payload.Span, row.RecordedAt));
            }
        }

        return history;
    }
}

/// <summary>What was said of a pull request.</summary>
/// <param name="Key">The same remarks make one job.</param>
public sealed record Remarks(string Summary, string Text, string? By, string Key);

public abstract record LinkResult
{
    private LinkResult()
    {
    }

    public sealed record Linked(SubmitResult Submit) : LinkResult;

    public sealed record Refused(Refusal Refusal) : LinkResult;
}
