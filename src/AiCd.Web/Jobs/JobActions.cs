using AiCd.Actors.Jobs;
using AiCd.Actors.Ports;
using AiCd.Actors.Runtime;
using AiCd.Web.Problems;
using AiCd.Web.Tenants;

namespace AiCd.Web.Jobs;

/// <summary>Steers jobs. Every refusal says what the job's state is and what it would have to be.</summary>
public sealed class JobActions(TenantScope scope, IAgents agents, IWorkspaces workspaces, TimeProvider time)
{
    /// <summary>What all of this comes of, where it may be told more than once; see <see cref="JobCommand.Act"/>.</summary>
    public string? Act { get; init; }

    /// <returns>The job as the action left it, or null where the action is durable and not applied yet.</returns>
    public Task<Job?> CancelAsync(Job job, string? reason, int? ifSeq, CancellationToken cancellationToken) =>
        SendAsync(job, new JobCommand.Cancel(FieldRules.OptionalLine("reason", reason, 1_000) ?? "Cancelled by request", By) { At = Now, IfSeq = ifSeq }, cancellationToken);

    public Task<Job?> AddFeedbackAsync(Job job, string text, int? ifSeq, CancellationToken cancellationToken) =>
        SendAsync(job, new JobCommand.AddFeedback(FieldRules.Text("text", text, 20_000), By) { At = Now, IfSeq = ifSeq }, cancellationToken);

    public Task<Job?> ChangePriorityAsync(Job job, int priority, int? ifSeq, CancellationToken cancellationToken) =>
        SendAsync(job, new JobCommand.ChangePriority(FieldRules.Number("priority", priority, -100, 100), By) { At = Now, IfSeq = ifSeq }, cancellationToken);

    public Task<Job?> RejectAsync(Job job, string reason, int? ifSeq, CancellationToken cancellationToken) =>
        SendAsync(job, new JobCommand.TurnDownPlan(FieldRules.Text("reason", reason, 20_000), By) { At = Now, IfSeq = ifSeq }, cancellationToken);

    /// <summary>
    /// Approves the plan that was read. When the base branch has moved since the plan was made, the plan is void: the job plans anew, and
    /// the caller hears so.
    /// </summary>
    public async Task<Job?> ApproveAsync(Job job, string approval, int? ifSeq, CancellationToken cancellationToken)
    {
        ThrowIfChanged(job, ifSeq);
        if (Approvals.Of(job) is not { } proposed)
        {
            throw Refused(new Refusal(RefusalCodes.InvalidEvent, "No plan waits for approval", job.State));
        }

        if (proposed.Approval != approval)
        {
            throw new ProblemException(ProblemType.StaleApproval, "Another plan, base commit or text of the issue was read", "approval", proposed.Approval);
        }

        if (proposed.BaseSha is { } planned && await BaseAsync(job, cancellationToken) is { } current && current != planned)
        {
            var reason = $"The base branch {job.Submission.BaseBranch} has moved from {planned} to {current} since the plan was made";
            await SendAsync(job, new JobCommand.TurnDownPlan(reason, "aicd") { At = Now, IfSeq = job.Seq }, cancellationToken);
            throw new ProblemException(ProblemType.StaleApproval, reason + "; the job plans anew", "approval", "the approval of the plan that comes next");
        }

        return await SendAsync(
            job, new JobCommand.ApprovePlan(proposed.PlanSha256, By, proposed.BaseSha, proposed.IssueSha256) { At = Now, IfSeq = ifSeq }, cancellationToken);
    }

    /// <summary>Approves the plan that waits, whichever it is, for callers who cannot name it.</summary>
    public Task<Job?> ApproveCurrentAsync(Job job, CancellationToken cancellationToken) =>
        ApproveAsync(job, Approvals.Of(job)?.Approval ?? "", job.Seq, cancellationToken);

    public async Task<SubmitResult> RetryAsync(Job job, int? ifSeq, CancellationToken cancellationToken)
    {
        ThrowIfChanged(job, ifSeq);
        return Linked(await scope.RetryAsync(job, cancellationToken));
    }

    public async Task<SubmitResult> ForkAsync(Job job, int? seq, string? agent, int? ifSeq, CancellationToken cancellationToken)
    {
        ThrowIfChanged(job, ifSeq);
        if (seq is { } number && (number < 1 || number > job.Seq))
        {
            throw ProblemException.Field("seq", $"the number of an event, from 1 to {job.Seq}", number.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }

        if (agent is not null && agents.Find(agent) is null)
        {
            throw ProblemException.Field("agent", $"one of {string.Join(", ", agents.Names.Order(StringComparer.Ordinal))}", agent);
        }

        return Linked(await scope.ForkAsync(job, seq ?? job.Seq, agent, cancellationToken));
    }

    private string By => scope.Caller.Who;

    /// <summary>In the whole milliseconds that journals keep.</summary>
    private DateTimeOffset Now => DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds());

    private async Task<Job?> SendAsync(Job job, JobCommand command, CancellationToken cancellationToken) =>
        await scope.SendAsync(job, command with { Act = Act }, null, cancellationToken) switch
        {
            CommandResult.Applied applied => applied.Job,
            CommandResult.Refused refused => throw Refused(refused.Refusal),
            _ => null,
        };

    /// <returns>Null where the forge cannot say now: the coding attempt asks again.</returns>
    private async Task<string?> BaseAsync(Job job, CancellationToken cancellationToken)
    {
        try
        {
            return (await workspaces.ResolveAsync(scope.Tenant, job.Submission.Repository, job.Submission.BaseBranch, cancellationToken)).BaseSha;
        }
        catch (StageException)
        {
            return null;
        }
    }

    private static SubmitResult Linked(LinkResult result) => result switch
    {
        LinkResult.Linked linked => linked.Submit,
        LinkResult.Refused refused => throw Refused(refused.Refusal),
        _ => throw new InvalidOperationException($"No rule for {result.GetType().Name}"),
    };

    private static void ThrowIfChanged(Job job, int? ifSeq)
    {
        if (ifSeq is { } seen && seen != job.Seq)
        {
            throw Refused(new Refusal(RefusalCodes.Changed, $"The job has moved on from event {seen} to {job.Seq}", job.State));
        }
    }

    private static ProblemException Refused(Refusal refusal) => refusal.Code switch
    {
        RefusalCodes.NotFound => ProblemException.NotFound("job"),
        RefusalCodes.Changed => new ProblemException(Problem.Of(ProblemType.Changed, refusal.Message, "If-Match", "the ETag of the job as it is now") with { State = refusal.State }),
        RefusalCodes.StalePlan => new ProblemException(Problem.Of(ProblemType.StaleApproval, refusal.Message, "approval") with { State = refusal.State }),
        RefusalCodes.AlreadyDone => new ProblemException(Problem.Of(ProblemType.AlreadyDone, refusal.Message) with { State = refusal.State }),
        RefusalCodes.Quarantined => new ProblemException(ProblemType.Quarantined, refusal.Message),
        _ => new ProblemException(Problem.Of(ProblemType.IllegalTransition, refusal.Message) with { State = refusal.State }),
    };
}
