using System.Text.Json;
using AiCd.Actors.Jobs;
using AiCd.Actors.Ports;
using AiCd.Web.Engine;
using AiCd.Web.Problems;
using AiCd.Web.Store;

namespace AiCd.Web.GitHub;

/// <summary>
/// Does what a delivery asks for, if it is understood and comes from somebody who may ask. It is taken as a hint: what an issue says
/// and who marked it is asked from GitHub. Doing it again changes nothing.
/// </summary>
internal sealed class DeliveryHandler(IWebStore store, IEngine engine, IIssueTriggers triggers, IssueJobs jobs, IForgePermissions permissions)
{
    private const string Nothing = "noted: nothing is asked for";

    /// <returns>What came of it, for the record.</returns>
    public async Task<string> ApplyAsync(Delivery delivery, CancellationToken cancellationToken)
    {
        GitHubEvent e;
        try
        {
            e = GitHubEvent.Parse(delivery.Event, delivery.Body);
        }
        catch (JsonException)
        {
            return "ignored: the body is not JSON as expected";
        }

        try
        {
            return await DecideAsync(e with { Mark = e.Mark ?? $"delivery {delivery.Id}" }, cancellationToken);
        }
        catch (ProblemException refused) when (refused.Problem.Status is >= 400 and < 500)
        {
            return $"refused: {refused.Message}";
        }
        catch (StageException refused) when (refused.Kind is FaultKind.Permanent or FaultKind.Credentials)
        {
            return $"refused: {refused.Message}";
        }
    }

    private Task<string> DecideAsync(GitHubEvent e, CancellationToken cancellationToken) => (e.Name, e.Action) switch
    {
        ("issues", "opened") when e.Labels.Any(triggers.IsMark) => MakeAsync(e, mark: null, requirePlanApproval: null, cancellationToken),
        ("issues", "labeled") when triggers.IsMark(e.Subject) => MakeAsync(e, mark: null, requirePlanApproval: null, cancellationToken),
        ("issues", "edited" or "closed") => RecheckAsync(e, cancellationToken),
        ("issue_comment" or "pull_request_review_comment", "created") or ("pull_request_review", "submitted") when IssueCommand.Find(e.Comment) is { } command =>
            IfAllowedAsync(e, tenant => CommandAsync(tenant, e, command, cancellationToken), cancellationToken),
        ("pull_request", "closed") or ("pull_request_review", "submitted") or ("pull_request_review_comment", "created") or ("check_run" or "check_suite", "completed") =>
            LookAsync(e, cancellationToken),
        ("issues" or "issue_comment" or "pull_request" or "pull_request_review" or "pull_request_review_comment" or "check_suite" or "check_run" or "installation", _) =>
            Task.FromResult(Nothing),
        _ => Task.FromResult("ignored: the event is not known"),
    };

    private Task<string> CommandAsync(Tenant tenant, GitHubEvent e, IssueCommand command, CancellationToken cancellationToken) => command.Verb switch
    {
        "run" => MakeAsync(e, e.Mark, requirePlanApproval: null, cancellationToken),
        "plan" => MakeAsync(e, e.Mark, requirePlanApproval: true, cancellationToken),
        "approve" => jobs.ApproveAsync(tenant, e, cancellationToken),
        "reject" => jobs.RejectAsync(tenant, e, GitHubEvent.Clean(command.Argument, 20_000), cancellationToken),
        "cancel" => jobs.CancelAsync(tenant, e, $"Cancelled by {e.Sender} on GitHub", cancellationToken),
        "retry" => jobs.RetryAsync(tenant, e, cancellationToken),
        _ => Task.FromResult("noted: somebody asks how it stands"),
    };

    private Task<string> MakeAsync(GitHubEvent e, string? mark, bool? requirePlanApproval, CancellationToken cancellationToken) =>
        IfPersonAsync(e, tenant => AtAsync(tenant, e, async place =>
        {
            var made = await triggers.TriggerAsync(engine.Gateway, place with { By = e.Sender, Mark = mark, At = e.At, RequirePlanApproval = requirePlanApproval }, cancellationToken);
            return made.Job is { } job ? $"{(made.Created ? "submitted" : "at work already")}: {job}" : $"refused: {made.Reason}";
        }), cancellationToken);

    /// <summary>Whoever tells that an issue has changed: what it says now, and who made it say so, is asked from the forge.</summary>
    private Task<string> RecheckAsync(GitHubEvent e, CancellationToken cancellationToken) => InTenantAsync(
        e,
        tenant => AtAsync(tenant, e, async place => Told(await triggers.RecheckAsync(engine.Gateway, place, cancellationToken), "ignored: no job of this issue is at work")),
        cancellationToken);

    private Task<string> LookAsync(GitHubEvent e, CancellationToken cancellationToken) => InTenantAsync(
        e,
        async tenant =>
        {
            var told = "ignored: it is no job's pull request";
            foreach (var number in e.PullRequests)
            {
                var place = new IssueTrigger(tenant.Id, e.Repository, number);
                told = await triggers.PullRequestChangedAsync(engine.Gateway, place, cancellationToken) is { } job ? Told(job, told) : told;
            }

            return told;
        },
        cancellationToken);

    private static string Told(JobId? job, string otherwise) => job is { } id ? $"looked after: {id}" : otherwise;

    private static Task<string> AtAsync(Tenant tenant, GitHubEvent e, Func<IssueTrigger, Task<string>> act) =>
        e.Number is { } number && e.Repository.Length > 0 ? act(new IssueTrigger(tenant.Id, e.Repository, number)) : Task.FromResult("ignored: it names no issue");

    private Task<string> IfPersonAsync(GitHubEvent e, Func<Tenant, Task<string>> act, CancellationToken cancellationToken) =>
        e.FromBot || e.IsOwnWord ? Task.FromResult("ignored: bots steer nothing") : InTenantAsync(e, act, cancellationToken);

    private Task<string> IfAllowedAsync(GitHubEvent e, Func<Tenant, Task<string>> act, CancellationToken cancellationToken) => IfPersonAsync(
        e,
        async tenant => await permissions.FindAsync(tenant.Id, e.Repository, e.Sender, cancellationToken) >= ForgeRole.Write
            ? await act(tenant)
            : "refused: the sender has no write permission",
        cancellationToken);

    /// <summary>The installation decides the tenant; a hook of a single repository belongs to whoever operates this service.</summary>
    private async Task<string> InTenantAsync(GitHubEvent e, Func<Tenant, Task<string>> act, CancellationToken cancellationToken)
    {
        var id = e.Installation is { } installation ? await permissions.TenantOfAsync(installation, cancellationToken) : Tenant.Default;
        var tenant = id is null ? null : await store.FindTenantAsync(id, cancellationToken);
        return tenant is null ? "refused: the installation belongs to no tenant"
            : tenant.Suspended ? "refused: the tenant is suspended"
            : await act(tenant);
    }
}
