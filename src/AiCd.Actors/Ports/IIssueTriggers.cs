using AiCd.Actors.Jobs;
using AiCd.Actors.Runtime;

namespace AiCd.Actors.Ports;

/// <summary>
/// Makes jobs of a forge's issues, and keeps them in step with these. Whoever hears of an issue, from a webhook, a list or a comment, says
/// so here, as often as he hears it: what is true of the issue is asked from the forge, and one mark makes one job.
/// </summary>
public interface IIssueTriggers
{
    /// <summary>Whether a label of this name hands an issue over.</summary>
    bool IsMark(string? label);

    /// <summary>Makes a job of an issue that somebody with the right to do so marked.</summary>
    /// <exception cref="StageException">The forge did not answer, or refused.</exception>
    Task<TriggerResult> TriggerAsync(IJobGateway jobs, IssueTrigger trigger, CancellationToken cancellationToken);

    /// <summary>The job that is at work on the issue, or else the last one that was; of a pull request, the job that opened it or goes on from there.</summary>
    /// <exception cref="StageException">The forge did not answer, or refused.</exception>
    Task<JobId?> FindJobAsync(IJobGateway jobs, IssueTrigger place, CancellationToken cancellationToken);

    /// <summary>
    /// Something of the issue has changed. A closed issue ends its job; of one that was edited by somebody who may steer jobs the job is
    /// told, and what a person approved for the old text is void. What others edit changes nothing.
    /// </summary>
    /// <returns>The job that is at work on the issue, or null.</returns>
    /// <exception cref="StageException">The forge did not answer, or refused.</exception>
    Task<JobId?> RecheckAsync(IJobGateway jobs, IssueTrigger place, CancellationToken cancellationToken);

    /// <summary>
    /// Something of a pull request has changed. Merged or passed, it completes a job that waits for that; closed, it ends it; what
    /// reviewers and checks object to starts a job that answers.
    /// </summary>
    /// <returns>The job that opened the pull request, or null where none did: then nothing follows.</returns>
    /// <exception cref="StageException">The forge did not answer, or refused.</exception>
    Task<JobId?> PullRequestChangedAsync(IJobGateway jobs, IssueTrigger place, CancellationToken cancellationToken);
}

/// <summary>An issue, or a pull request, that something happened to.</summary>
/// <param name="Tenant">Whose it is; a repository of another tenant is refused.</param>
/// <param name="Repository">As the forge's events name it (owner/repo), or its URL.</param>
/// <param name="By">Who marked the issue; null where the forge is to be asked who set the label.</param>
/// <param name="Mark">What marked it, such as <c>comment 4711</c>: the same mark makes no second job. Null for the label.</param>
/// <param name="RequirePlanApproval">Null for what is configured.</param>
/// <param name="At">When the mark was made, by the forge's clock: what somebody else makes of the issue from then on, who marked it has not read.</param>
public sealed record IssueTrigger(
    string Tenant, string Repository, int Number, string? By = null, string? Mark = null, bool? RequirePlanApproval = null, DateTimeOffset? At = null);

/// <param name="Job">The new job, or the one that this mark made already, or the one that is at work on the issue.</param>
/// <param name="Reason">Why there is none, or null.</param>
public sealed record TriggerResult(JobId? Job, bool Created, string? Reason);

/// <summary>Without a forge whose issues could be asked about, nothing makes a job.</summary>
public sealed class NoIssueTriggers : IIssueTriggers
{
    public bool IsMark(string? label) => false;

    public Task<TriggerResult> TriggerAsync(IJobGateway jobs, IssueTrigger trigger, CancellationToken cancellationToken) =>
        Task.FromResult(new TriggerResult(null, Created: false, "no forge with issues is configured"));

    public Task<JobId?> FindJobAsync(IJobGateway jobs, IssueTrigger place, CancellationToken cancellationToken) => Task.FromResult<JobId?>(null);

    public Task<JobId?> RecheckAsync(IJobGateway jobs, IssueTrigger place, CancellationToken cancellationToken) => Task.FromResult<JobId?>(null);

    public Task<JobId?> PullRequestChangedAsync(IJobGateway jobs, IssueTrigger place, CancellationToken cancellationToken) => Task.FromResult<JobId?>(null);
}
