using AiCd.Actors.Jobs;
using AiCd.Actors.Jobs.Payloads;
using AiCd.Actors.Journal;
using AiCd.Actors.Ports;
using AiCd.Actors.Projections;
using AiCd.Actors.Runtime;
using AiCd.Web.Access;
using AiCd.Web.Jobs;
using AiCd.Web.Problems;
using AiCd.Web.Store;
using AiCd.Web.Tenants;

namespace AiCd.Web.GitHub;

/// <summary>Makes and steers the jobs of issues, in the name of the tenant whose installation a delivery comes from.</summary>
internal sealed class IssueJobs(TenantScopes scopes, TenantRules rules, IAgents agents, IWorkspaces workspaces, WebOptions options, TimeProvider time)
{
    /// <summary>What all jobs of an issue bear.</summary>
    private static string LabelOf(GitHubEvent e) => $"github:{e.Repository}#{e.Issue}";

    /// <returns>What came of it, for the record.</returns>
    public async Task<string> RunAsync(Tenant tenant, GitHubEvent e, string delivery, bool planFirst, CancellationToken cancellationToken)
    {
        if (e.Title.Length == 0 || e.Issue is null)
        {
            return "ignored: the issue has no title";
        }

        if (!TenantRules.Allows(tenant, e.CloneUrl))
        {
            return "refused: the repository is not one of the tenant's";
        }

        var agent = agents.Find(options.GitHub.Agent)?.Name;
        if (agent is null)
        {
            return "refused: the configured agent is not there";
        }

        var scope = ScopeOf(tenant, e);
        await rules.ThrowIfExhaustedAsync(scope, cancellationToken);
        var target = await workspaces.ResolveAsync(tenant.Id, e.CloneUrl, null, cancellationToken);
        var result = await scope.SubmitAsync(
            new NewJob(
                tenant.Id,
                target.Repository,
                target.BaseBranch,
                e.Title,
                e.Body,
                agent,
                Url: e.Url,
                RequirePlanApproval: planFirst || options.GitHub.RequirePlanApproval,
                Labels: [.. e.Labels.Append(LabelOf(e)).Distinct()],
                IdempotencyKey: $"github:{delivery}",
                Exclusive: LabelOf(e)),
            cancellationToken);
        return $"{(result.Created ? "submitted" : "at work already")}: {result.Job}";
    }

    public Task<string> ApproveAsync(Tenant tenant, GitHubEvent e, CancellationToken cancellationToken) =>
        SteerAsync(tenant, e, (actions, job) => actions.ApproveCurrentAsync(job, cancellationToken), cancellationToken);

    public Task<string> RejectAsync(Tenant tenant, GitHubEvent e, string why, CancellationToken cancellationToken) =>
        SteerAsync(tenant, e, (actions, job) => actions.RejectAsync(job, why.Length > 0 ? why : "Rejected without a reason", null, cancellationToken), cancellationToken);

    public Task<string> CancelAsync(Tenant tenant, GitHubEvent e, string why, CancellationToken cancellationToken) =>
        SteerAsync(tenant, e, (actions, job) => actions.CancelAsync(job, why, null, cancellationToken), cancellationToken);

    /// <summary>Said of the job that opened the pull request, if it is still at work.</summary>
    public Task<string> TellAsync(Tenant tenant, GitHubEvent e, string text, CancellationToken cancellationToken) =>
        SteerAsync(tenant, e, (actions, job) => actions.AddFeedbackAsync(job, text, null, cancellationToken), cancellationToken);

    public async Task<string> RetryAsync(Tenant tenant, GitHubEvent e, string delivery, CancellationToken cancellationToken)
    {
        var scope = ScopeOf(tenant, e);
        if (await LatestAsync(scope, e, cancellationToken) is not { } job)
        {
            return "ignored: there is no job of this issue";
        }

        await rules.ThrowIfExhaustedAsync(scope, cancellationToken);
        return await scope.RetryAsync(job, cancellationToken, $"github:{delivery}") switch
        {
            LinkResult.Linked linked => $"retried: {linked.Submit.Job}",
            LinkResult.Refused refused => $"refused: {refused.Refusal.Message}",
            _ => "ignored",
        };
    }

    public async Task<string> EditAsync(Tenant tenant, GitHubEvent e, CancellationToken cancellationToken)
    {
        var scope = ScopeOf(tenant, e);
        if (await LatestAsync(scope, e, cancellationToken) is not { } job || job.State.IsTerminal() || e.Title.Length == 0)
        {
            return "ignored: no job of this issue is at work";
        }

        var body = NewArtifact.Text(ArtifactKinds.Issue, e.Body, "text/markdown");
        var edit = new JobCommand.EditIssue(e.Title, body.Ref, scope.Caller.Who) { At = DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds()) };
        return await scope.SendAsync(job, edit, body.Content is { } content ? [content] : [], cancellationToken) is CommandResult.Refused refused
            ? $"ignored: {refused.Refusal.Message}"
            : $"edited: {job.Id}";
    }

    private async Task<string> SteerAsync(Tenant tenant, GitHubEvent e, Func<JobActions, Job, Task<Job?>> act, CancellationToken cancellationToken)
    {
        var scope = ScopeOf(tenant, e);
        if (await LatestAsync(scope, e, cancellationToken) is not { } job)
        {
            return "ignored: there is no job of this issue";
        }

        try
        {
            await act(new JobActions(scope, agents, workspaces, time), job);
            return $"applied: {job.Id}";
        }
        catch (ProblemException refused) when (refused.Problem.Status is >= 400 and < 500)
        {
            return $"refused: {refused.Message}";
        }
    }

    private static async Task<Job?> LatestAsync(TenantScope scope, GitHubEvent e, CancellationToken cancellationToken)
    {
        if (e.Issue is not null)
        {
            var found = await scope.ListAsync(new JobListQuery(new JobFilter(Label: LabelOf(e)), JobSort.Newest, null, 1), cancellationToken);
            return found.Count > 0 ? await scope.FindAsync(found[0].Id, cancellationToken) : null;
        }

        // A branch bears the id of the first job that worked on it.
        const string prefix = "aicd/";
        return e.HeadBranch is { Length: >= 21 } branch && branch.StartsWith(prefix, StringComparison.Ordinal) && JobId.TryParse(branch.Substring(prefix.Length, 16), out var id)
            ? await scope.FindAsync(id, cancellationToken)
            : null;
    }

    private TenantScope ScopeOf(Tenant tenant, GitHubEvent e) => scopes.For(new GitHubCaller(e.Sender, tenant.Id));

    /// <summary>Somebody who was found to have write permission on GitHub.</summary>
    private sealed record GitHubCaller(string Login, string TenantId) : Caller("github", Login, TenantId, Scopes.Read | Scopes.Write)
    {
        public override string Who => $"github:{Login}";
    }
}
