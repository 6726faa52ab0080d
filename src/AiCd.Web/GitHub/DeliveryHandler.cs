using System.Text.Json;
using AiCd.Actors.Ports;
using AiCd.Web.Problems;
using AiCd.Web.Store;

namespace AiCd.Web.GitHub;

/// <summary>Does what a delivery asks for, if it is understood and comes from somebody who may ask. Doing it again changes nothing.</summary>
internal sealed class DeliveryHandler(IWebStore store, IssueJobs jobs, IForgePermissions permissions, WebOptions options)
{
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
            return await DecideAsync(e, delivery.Id, cancellationToken);
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

    private Task<string> DecideAsync(GitHubEvent e, string delivery, CancellationToken cancellationToken) => (e.Name, e.Action) switch
    {
        ("issues", "opened") when e.Labels.Contains(options.GitHub.Label) => IfAllowedAsync(e, tenant => jobs.RunAsync(tenant, e, delivery, false, cancellationToken), cancellationToken),
        ("issues", "labeled") when e.Subject == options.GitHub.Label => IfAllowedAsync(e, tenant => jobs.RunAsync(tenant, e, delivery, false, cancellationToken), cancellationToken),
        ("issues", "assigned") when options.GitHub.OwnLogin.Length > 0 && e.Subject == options.GitHub.OwnLogin =>
            IfAllowedAsync(e, tenant => jobs.RunAsync(tenant, e, delivery, false, cancellationToken), cancellationToken),
        ("issues", "edited") => InTenantAsync(e, tenant => jobs.EditAsync(tenant, e, cancellationToken), cancellationToken),
        ("issues", "closed") => IfAllowedAsync(e, tenant => jobs.CancelAsync(tenant, e, "The issue was closed", cancellationToken), cancellationToken),
        ("issue_comment", "created") when IssueCommand.Find(e.Comment) is { } command => IfAllowedAsync(e, tenant => CommandAsync(tenant, e, delivery, command, cancellationToken), cancellationToken),
        ("pull_request_review_comment", "created") when IssueCommand.Find(e.Comment) is { } command =>
            IfAllowedAsync(e, tenant => CommandAsync(tenant, e, delivery, command, cancellationToken), cancellationToken),
        ("pull_request_review", "submitted") when IssueCommand.Find(e.Comment) is { } command =>
            IfAllowedAsync(e, tenant => CommandAsync(tenant, e, delivery, command, cancellationToken), cancellationToken),
        ("pull_request_review", "submitted") when e.ReviewState == "changes_requested" && !string.IsNullOrWhiteSpace(e.Comment) =>
            IfAllowedAsync(e, tenant => jobs.TellAsync(tenant, e, GitHubEvent.Clean(e.Comment, 20_000), cancellationToken), cancellationToken),
        ("issues" or "issue_comment" or "pull_request" or "pull_request_review" or "pull_request_review_comment" or "check_suite" or "check_run" or "installation", _) =>
            Task.FromResult("noted: nothing is asked for"),
        _ => Task.FromResult("ignored: the event is not known"),
    };

    private Task<string> CommandAsync(Tenant tenant, GitHubEvent e, string delivery, IssueCommand command, CancellationToken cancellationToken) => command.Verb switch
    {
        "run" => jobs.RunAsync(tenant, e, delivery, planFirst: false, cancellationToken),
        "plan" => jobs.RunAsync(tenant, e, delivery, planFirst: true, cancellationToken),
        "approve" => jobs.ApproveAsync(tenant, e, cancellationToken),
        "reject" => jobs.RejectAsync(tenant, e, GitHubEvent.Clean(command.Argument, 20_000), cancellationToken),
        "cancel" => jobs.CancelAsync(tenant, e, $"Cancelled by {e.Sender} on GitHub", cancellationToken),
        "retry" => jobs.RetryAsync(tenant, e, delivery, cancellationToken),
        _ => Task.FromResult("noted: somebody asks how it stands"),
    };

    private async Task<string> IfAllowedAsync(GitHubEvent e, Func<Tenant, Task<string>> act, CancellationToken cancellationToken)
    {
        if (e.FromBot || (options.GitHub.OwnLogin.Length > 0 && e.Sender.Equals(options.GitHub.OwnLogin, StringComparison.OrdinalIgnoreCase)))
        {
            return "ignored: bots steer nothing";
        }

        return await InTenantAsync(
            e,
            async tenant => await permissions.FindAsync(tenant.Id, e.Repository, e.Sender, cancellationToken) >= ForgeRole.Write
                ? await act(tenant)
                : "refused: the sender has no write permission",
            cancellationToken);
    }

    /// <summary>The installation decides the tenant; a hook of a single repository belongs to whoever operates this one.</summary>
    private async Task<string> InTenantAsync(GitHubEvent e, Func<Tenant, Task<string>> act, CancellationToken cancellationToken)
    {
        var tenants = await store.ListTenantsAsync(cancellationToken);
        var tenant = e.Installation is { } installation
            ? tenants.FirstOrDefault(tenant => tenant.Installations.Contains(installation)) ?? tenants.FirstOrDefault(tenant => tenant.Id == permissions.TenantOf(installation))
            : tenants.FirstOrDefault(tenant => tenant.Id == Tenant.Default);
        return tenant is null ? "refused: the installation belongs to no tenant"
            : tenant.Suspended ? "refused: the tenant is suspended"
            : await act(tenant);
    }
}
