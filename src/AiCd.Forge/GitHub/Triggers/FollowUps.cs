using AiCd.Actors.Jobs;
using AiCd.Actors.Journal;
using AiCd.Actors.Ports;
using AiCd.Actors.Runtime;
using Microsoft.Extensions.Logging;

namespace AiCd.Forge.GitHub.Triggers;

/// <summary>
/// Makes the jobs that answer what was said of a pull request, each remark's once. What is not answered now, since the tenant may have no
/// more jobs or another one is in the way, claims nothing: whoever looks at the pull request later finds it as it was.
/// </summary>
internal sealed class FollowUps(IStore store, GitHubOptions options, TimeProvider time, ILogger<FollowUps> logger, ITenantRules? rules = null)
{
    /// <param name="job">The one that opened the pull request, or went on with it last.</param>
    public async Task AnswerAsync(IJobGateway jobs, Job job, Remarks remarks, CancellationToken cancellationToken)
    {
        var submission = job.Submission;
        if (await CountAsync(jobs, job, cancellationToken) >= options.MaxFollowUps
            || await store.Journal.FindClaimAsync(submission.Tenant, ClaimKinds.Idempotency, remarks.Key, cancellationToken) is not null)
        {
            return;
        }

        var replaces = !job.State.IsTerminal();
        if (rules is not null && await rules.FindObjectionAsync(submission.Tenant, submission.Repository, replaces, cancellationToken) is { } forbidden)
        {
            await WithoutNewJobAsync(jobs, job, remarks, forbidden, cancellationToken);
            return;
        }

        // A job that waits for its pull request has done its part: the next one goes on with the branch.
        if (job.State == JobState.PrOpen
            && await jobs.SendAsync(job.Id, new JobCommand.Complete { At = Now() }, cancellationToken: cancellationToken) is CommandResult.Applied applied)
        {
            job = applied.Job;
        }

        var linked = new LinkedJobs(jobs, store, new ArtifactReader(store.Artifacts));
        if (await linked.ContinueAsync(job, remarks, Now(), cancellationToken) is LinkResult.Linked { Submit: { Created: false } held })
        {
            await HeldAsync(jobs, job, held, remarks, cancellationToken);
        }
    }

    /// <summary>A job that is at work on the branch or the issue needs no leave to hear of it; its commit is the one that is reviewed next.</summary>
    private async Task WithoutNewJobAsync(IJobGateway jobs, Job job, Remarks remarks, string forbidden, CancellationToken cancellationToken)
    {
        if (await FindAtWorkAsync(job, cancellationToken) is { } running)
        {
            await TellAsync(jobs, running, remarks, cancellationToken);
        }
        else
        {
            logger.RemarksNotAnswered(job.Id.Value, forbidden);
        }
    }

    /// <summary>A job that only holds the same base branch works on something else.</summary>
    private async Task HeldAsync(IJobGateway jobs, Job job, SubmitResult held, Remarks remarks, CancellationToken cancellationToken)
    {
        if (held.HeldBy is ClaimKinds.Head or ClaimKinds.Exclusive or ClaimKinds.Idempotency)
        {
            await TellAsync(jobs, held.Job, remarks, cancellationToken);
        }
        else
        {
            logger.RemarksNotAnswered(job.Id.Value, $"job {held.Job} is at work on the same base branch");
        }
    }

    private async Task<JobId?> FindAtWorkAsync(Job job, CancellationToken cancellationToken)
    {
        var submission = job.Submission;
        var holder = await store.Journal.FindClaimAsync(
            submission.Tenant, ClaimKinds.Head, ClaimKinds.HeadOf(submission.Repository, submission.Branch), cancellationToken);
        if (holder is null && submission.Exclusive is { } exclusive)
        {
            holder = await store.Journal.FindClaimAsync(submission.Tenant, ClaimKinds.Exclusive, exclusive, cancellationToken);
        }

        return holder == job.Id ? null : holder;
    }

    /// <summary>It hears of it once.</summary>
    private async Task TellAsync(IJobGateway jobs, JobId running, Remarks remarks, CancellationToken cancellationToken)
    {
        if (await jobs.FindAsync(running, cancellationToken) is { } job && !job.State.IsTerminal() && job.Feedback.All(said => said.Text != remarks.Text))
        {
            await jobs.SendAsync(running, new JobCommand.AddFeedback(remarks.Text, remarks.By) { At = Now() }, cancellationToken: cancellationToken);
        }
    }

    /// <summary>How many jobs before this one answered for the same pull request.</summary>
    private async Task<int> CountAsync(IJobGateway jobs, Job last, CancellationToken cancellationToken)
    {
        var count = 0;
        for (Job? job = last; job?.Submission.Parent is { Kind: JobLinkKind.FollowUp } link && count < options.MaxFollowUps; count++)
        {
            job = await jobs.FindAsync(link.Job, cancellationToken);
        }

        return count;
    }

    private DateTimeOffset Now() => DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds());
}
