using AiCd.Actors.Jobs;
using AiCd.Actors.Journal;
using AiCd.Actors.Ports;
using AiCd.Actors.Runtime;
using AiCd.Web.Access;
using AiCd.Web.Engine;
using AiCd.Web.Jobs;
using AiCd.Web.Problems;
using AiCd.Web.Store;
using AiCd.Web.Tenants;

namespace AiCd.Web.GitHub;

/// <summary>
/// Steers the jobs of issues, in the name of somebody who may write there, by the ways that a key's requests take. What one comment asks
/// for is done once: a crash may hide that it was, and by the time that it is told again another plan may wait, or another job be at work.
/// </summary>
internal sealed class IssueJobs(
    IEngine engine, IIssueTriggers triggers, TenantScopes scopes, IAgents agents, IWorkspaces workspaces, TimeProvider time)
{
    // Between GitHub's clock and ours.
    private static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(30);

    /// <returns>What came of it, for the record.</returns>
    public Task<string> ApproveAsync(Tenant tenant, GitHubEvent e, CancellationToken cancellationToken) =>
        JudgeAsync(tenant, e, (actions, job) => actions.ApproveCurrentAsync(job, cancellationToken), cancellationToken);

    public Task<string> RejectAsync(Tenant tenant, GitHubEvent e, string why, CancellationToken cancellationToken) =>
        JudgeAsync(tenant, e, (actions, job) => actions.RejectAsync(job, why.Length > 0 ? why : "Rejected without a reason", null, cancellationToken), cancellationToken);

    public Task<string> CancelAsync(Tenant tenant, GitHubEvent e, string why, CancellationToken cancellationToken) =>
        SteerAsync(tenant, e, (actions, job) => actions.CancelAsync(job, why, null, cancellationToken), cancellationToken);

    public async Task<string> RetryAsync(Tenant tenant, GitHubEvent e, CancellationToken cancellationToken)
    {
        var scope = ScopeOf(tenant, e);
        if (await FindAsync(scope, e, cancellationToken) is not { } job)
        {
            return "ignored: there is no job of this issue";
        }

        return await scope.RetryAsync(job, cancellationToken, ActOf(e)) switch
        {
            LinkResult.Linked linked => Told(linked.Submit),
            LinkResult.Refused refused => $"refused: {refused.Refusal.Message}",
            _ => "ignored",
        };
    }

    private static string Told(SubmitResult submit) => submit switch
    {
        { Created: true } => $"retried: {submit.Job}",
        { HeldBy: ClaimKinds.Idempotency } => $"done already: {submit.Job}",
        { HeldBy: ClaimKinds.Branch } => $"refused: job {submit.Job} is at work on the same base branch, where one may be at a time",
        _ => $"at work already: {submit.Job}",
    };

    /// <summary>What was said before the plan was there, and is heard late, was said of another one.</summary>
    private Task<string> JudgeAsync(Tenant tenant, GitHubEvent e, Func<JobActions, Job, Task<Job?>> act, CancellationToken cancellationToken) => SteerAsync(
        tenant,
        e,
        (actions, job) => job is { ProposedPlan: not null, ProposedAt: { } proposed } && e.At < proposed - ClockSkew
            ? throw new ProblemException(ProblemType.StaleApproval, "The plan that waits was made after that was said")
            : act(actions, job),
        cancellationToken);

    private async Task<string> SteerAsync(Tenant tenant, GitHubEvent e, Func<JobActions, Job, Task<Job?>> act, CancellationToken cancellationToken)
    {
        // Asked before the job is looked for: by now it may be another one that is at work on the issue.
        var (scope, words) = (ScopeOf(tenant, e), ActOf(e));
        if (await scope.FindAnswerAsync(words, cancellationToken) is { } answered)
        {
            return $"done already: {answered}";
        }

        if (await FindAsync(scope, e, cancellationToken) is not { } job)
        {
            return "ignored: there is no job of this issue";
        }

        try
        {
            await act(new JobActions(scope, agents, workspaces, time) { Act = words }, job);
            return $"applied: {job.Id}";
        }
        catch (ProblemException refused) when (refused.Problem.Status is >= 400 and < 500)
        {
            return $"refused: {refused.Message}";
        }
    }

    private async Task<Job?> FindAsync(TenantScope scope, GitHubEvent e, CancellationToken cancellationToken)
    {
        if (e.Number is not { } number)
        {
            return null;
        }

        await engine.ReadModelsCaughtUpAsync(cancellationToken);
        return await triggers.FindJobAsync(engine.Gateway, new IssueTrigger(scope.Tenant, e.Repository, number), cancellationToken) is { } id
            ? await scope.FindAsync(id, cancellationToken)
            : null;
    }

    /// <summary>One comment, or where it has no number of its own one delivery, however often and in whichever way it is told.</summary>
    private static string ActOf(GitHubEvent e) => $"github:{e.Repository.ToLowerInvariant()} {e.Mark}";

    private TenantScope ScopeOf(Tenant tenant, GitHubEvent e) => scopes.For(new ForgeCaller(e.Sender, tenant.Id));
}
