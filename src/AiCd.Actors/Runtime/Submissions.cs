using AiCd.Actors.Jobs;
using AiCd.Actors.Jobs.Payloads;
using AiCd.Actors.Journal;

namespace AiCd.Actors.Runtime;

internal static class Submissions
{
    /// <exception cref="ArgumentException">A text that not every store can hold; the parameter's name is the field's.</exception>
    public static void ThrowIfUnstorable(NewJob job)
    {
        Check(job.Tenant, nameof(job.Tenant));
        Check(job.Repository, nameof(job.Repository));
        Check(job.BaseBranch, nameof(job.BaseBranch));
        Check(job.Title, nameof(job.Title));
        Check(job.Agent, nameof(job.Agent));
        Check(job.Url, nameof(job.Url));
        Check(job.IdempotencyKey, nameof(job.IdempotencyKey));
        Check(job.Exclusive, nameof(job.Exclusive));
    }

    private static void Check(string? text, string field)
    {
        if (text is not null && StorableText.Refuse(text) is { } reason)
        {
            throw new ArgumentException($"{field}: expected a text without NUL and half surrogate pairs. {reason}", field);
        }
    }

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
