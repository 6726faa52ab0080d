using AiCd.Actors.Jobs;
using AiCd.Actors.Jobs.Payloads;

namespace AiCd.Actors.Runtime;

internal static class Submissions
{
    public static Submission Of(NewJob job, JobId id, ArtifactRef body) => new(
        job.Tenant,
        job.Repository,
        job.BaseBranch,
        job.Link?.Branch ?? BranchNames.For(id, job.Title),
        job.Title,
        body,
        job.Agent,
        job.Priority,
        job.Url,
        job.RequirePlanApproval,
        job.Labels,
        job.NotBefore,
        job.Deadline,
        job.By,
        job.BudgetMicros,
        job.Link is { } link ? new JobLink(link.Job, link.Kind, link.Seq, link.Inherited.Count) : null,
        job.Exclusive);
}
