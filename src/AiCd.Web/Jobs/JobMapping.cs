using AiCd.Actors.Jobs;
using AiCd.Actors.Projections;
using AiCd.Actors.Runtime.Pools;

namespace AiCd.Web.Jobs;

internal static class JobMapping
{
    public static JobSummary Summary(JobView job) => new(
        job.Id.Value,
        job.State,
        job.Seq,
        job.Title,
        job.Repository,
        job.BaseBranch,
        job.Branch,
        job.Agent,
        job.Priority,
        job.Labels,
        job.Url,
        job.Round,
        job.Attempt == 0 ? null : job.Attempt,
        job.Hold,
        Money.Of(job.CostMicros),
        Money.Of(job.BudgetMicros),
        job is { PullRequestNumber: { } number, PullRequestUrl: { } url } ? new PullRequestSummary(number, url) : null,
        job.FailureCode is { } code ? new FailureSummary(code, job.FailureMessage) : null,
        job is { Parent: { } parent, ParentKind: { } kind } ? new ParentJob(parent.Value, kind) : null,
        job.By,
        job.SubmittedAt,
        job.UpdatedAt,
        job.EndedAt);

    public static JobDetails Details(Job job, string? body, WaitingReason? waiting)
    {
        var submission = job.Submission;
        return new JobDetails(
            job.Id.Value,
            job.State,
            job.Seq,
            submission.Title,
            body,
            submission.Url,
            submission.Repository,
            submission.BaseBranch,
            submission.Branch,
            submission.Agent,
            job.Priority,
            submission.Labels ?? [],
            Money.Of(submission.BudgetMicros),
            submission.RequirePlanApproval,
            submission.NotBefore,
            submission.Deadline,
            submission.By,
            job.SubmittedAt,
            job.UpdatedAt,
            job.EndedAt,
            submission.Parent is { } parent ? new ParentJob(parent.Job.Value, parent.Kind, parent.Seq) : null,
            job.RejectedRounds + 1,
            job.Entry.Running is { } attempt ? new AttemptDetails(attempt.Id, attempt.Number, attempt.Incarnation, attempt.StartedAt) : null,
            job.Entry.Failed,
            job.Entry.RetryAt,
            waiting is null ? null : new WaitingDetails(waiting.Code, waiting.Stage, waiting.Position, waiting.DueAt, waiting.Code == WaitingCodes.Budget ? job.BudgetHold : null),
            Approvals.Of(job),
            job.Plan?.Summary,
            job.Code?.Summary,
            job.Code?.Change,
            job.Review?.Summary,
            job.Feedback,
            job.PullRequest,
            job.Failure,
            job.Usage,
            Money.Of(job.Usage.CostMicros),
            job.Times,
            Links(job.Id));
    }

    public static string Location(JobId job) => $"/api/v1/jobs/{job}";

    private static JobLinks Links(JobId job) => new(Location(job), Location(job) + "/events", Location(job) + "/artifacts", Location(job) + "/stream");
}
