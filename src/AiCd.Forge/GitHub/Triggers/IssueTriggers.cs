using AiCd.Actors.Jobs;
using AiCd.Actors.Jobs.Payloads;
using AiCd.Actors.Journal;
using AiCd.Actors.Ports;
using AiCd.Actors.Projections;
using AiCd.Actors.Runtime;
using AiCd.Forge.GitHub.Api;
using AiCd.Forge.GitHub.Auth;
using AiCd.Forge.GitHub.Http;
using Microsoft.Extensions.Logging;

namespace AiCd.Forge.GitHub.Triggers;

/// <summary>
/// Makes jobs of issues on GitHub. The idempotency key is the one act that marked the issue (an event of GitHub's own, or a comment), so
/// a webhook and a list that tell of the same label make one job, and setting the label anew makes another. While a job works on an
/// issue, it holds a claim on it, and whoever marks the issue meanwhile is told of that job.
/// </summary>
internal sealed class IssueTriggers(
    GitHubHost host, GitHubRepositories repositories, GitHubAccesses accesses, IssueApi issues, GitHubPermissions permissions, Installations installations,
    PullRequestWatch watch, IStore store, GitHubOptions options, TimeProvider time, ILogger<IssueTriggers> logger) : IIssueTriggers
{
    private const string By = "github";

    // Between GitHub's clock and ours.
    private static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(30);

    public async Task<TriggerResult> TriggerAsync(IJobGateway jobs, IssueTrigger trigger, CancellationToken cancellationToken)
    {
        try
        {
            var result = await SubmitAsync(jobs, trigger, cancellationToken);
            var shown = $"{trigger.Repository}#{trigger.Number}";
            if (result.Reason is { } reason)
            {
                logger.IssueRefused(shown, reason);
            }
            else if (result.Created)
            {
                logger.IssueSubmitted(shown, result.Job!.Value.Value);
            }

            return result;
        }
        catch (GitHubException e)
        {
            throw e.ToStageException();
        }
    }

    public async Task RecheckAsync(IJobGateway jobs, IssueTrigger trigger, CancellationToken cancellationToken)
    {
        try
        {
            var (tenant, name) = Place(trigger);
            if (name is not null && tenant is not null
                && await store.Journal.FindClaimAsync(tenant, ClaimKinds.Exclusive, IssueText.Label(name, trigger.Number), cancellationToken) is { } job
                && await jobs.FindAsync(job, cancellationToken) is { } found && !found.State.IsTerminal())
            {
                var repository = await repositories.FindAsync(tenant, name, cancellationToken);
                await RecheckAsync(jobs, found, repository.Repository, trigger.Number, cancellationToken);
            }
        }
        catch (GitHubException e)
        {
            throw e.ToStageException();
        }
    }

    public async Task PullRequestChangedAsync(IJobGateway jobs, IssueTrigger pullRequest, CancellationToken cancellationToken)
    {
        var (tenant, name) = Place(pullRequest);
        if (name is not null && tenant is not null)
        {
            await watch.LookAsync(jobs, tenant, name, pullRequest.Number, cancellationToken);
        }
    }

    private async Task<TriggerResult> SubmitAsync(IJobGateway jobs, IssueTrigger trigger, CancellationToken cancellationToken)
    {
        var (tenant, name) = Place(trigger);
        if (name is null || tenant is null)
        {
            return No(name is null ? $"{trigger.Repository} names no repository on {host.WebUrl.Host}" : "its installation belongs to no tenant");
        }

        var repository = await repositories.FindAsync(tenant, name, cancellationToken);
        var access = await accesses.ForAsync(repository.Repository, TokenUse.Work, cancellationToken);
        var issue = await issues.FindAsync(access, repository.Repository, trigger.Number, cancellationToken);
        if (Objection(issue, trigger) is { } objection)
        {
            return No(objection);
        }

        var (mark, by, at) = trigger.Mark is { } given ? (given, trigger.By, null) : await LabelAsync(access, repository.Repository, trigger, cancellationToken);
        var key = $"{ClaimOf(repository.Repository, trigger.Number)} {mark}";
        if (await store.Journal.FindClaimAsync(tenant, ClaimKinds.Idempotency, key, cancellationToken) is { } made)
        {
            return new TriggerResult(made, Created: false, Reason: null);
        }

        if (at is { } marked && await SinceAsync(tenant, repository.Repository, trigger.Number, marked, cancellationToken) is { } since)
        {
            return new TriggerResult(since, Created: false, Reason: null);
        }

        if (by is null || await permissions.FindAsync(tenant, repository.Repository.ToString(), by, cancellationToken) < ForgeRole.Write)
        {
            return No($"{by ?? "nobody known"} may not write into {repository.Repository}");
        }

        var target = await repositories.ResolveAsync(tenant, repository.Repository, baseBranch: null, cancellationToken);
        var submitted = await jobs.SubmitAsync(Draft(tenant, target, repository.Repository, issue!, key, trigger.RequirePlanApproval), cancellationToken);
        return new TriggerResult(submitted.Job, submitted.Created, Reason: null);
    }

    private async Task RecheckAsync(IJobGateway jobs, Job job, RepositoryName name, int number, CancellationToken cancellationToken)
    {
        var access = await accesses.ForAsync(name, TokenUse.Work, cancellationToken);
        var issue = await issues.FindAsync(access, name, number, cancellationToken);
        if (issue is null)
        {
            // Gone, or out of our sight: no reason to throw work away.
            return;
        }

        if (issue.State == "closed")
        {
            await jobs.SendAsync(job.Id, new JobCommand.Cancel("The issue was closed", By) { At = Now() }, cancellationToken: cancellationToken);
            return;
        }

        if (job.PullRequest is null && !IssueText.IsOf(job, issue))
        {
            // What rests on the old text, an approval above all, is the job's own affair.
            var body = NewArtifact.Text(ArtifactKinds.Issue, IssueText.Body(issue), "text/markdown");
            await jobs.SendAsync(
                job.Id,
                new JobCommand.EditIssue(IssueText.Title(issue), body.Ref, By) { At = Now() },
                body.Content is { } content ? [content] : [],
                cancellationToken);
        }
    }

    private NewJob Draft(string tenant, RepositoryTarget target, RepositoryName name, IssueBody issue, string key, bool? requirePlanApproval) => new(
        tenant,
        target.Repository,
        target.BaseBranch,
        IssueText.Title(issue),
        IssueText.Body(issue),
        options.Agent,
        Url: issue.HtmlUrl ?? host.PageOf(name, issue.Number),
        RequirePlanApproval: requirePlanApproval ?? options.RequirePlanApproval,
        Labels: [.. (issue.Labels?.Select(label => label.Name).OfType<string>() ?? []).Append(IssueText.Label(name, issue.Number)).Distinct()],
        IdempotencyKey: key,
        Exclusive: IssueText.Label(name, issue.Number),
        By: By);

    /// <summary>The last time that the label was set, and by whom.</summary>
    private async Task<(string Mark, string? By, DateTimeOffset? At)> LabelAsync(IGitHubAccess access, RepositoryName name, IssueTrigger trigger, CancellationToken cancellationToken)
    {
        var events = await issues.ListEventsAsync(access, name, trigger.Number, cancellationToken);
        var labeled = events.Where(entry => entry.Event == "labeled" && IsLabel(entry.Label)).MaxBy(entry => entry.Id);

        // An issue that was opened with the label has no event of it in every version of GitHub.
        return labeled is null ? ("opened", trigger.By, null) : ($"labeled {labeled.Id}", labeled.Actor?.Login ?? trigger.By, labeled.CreatedAt);
    }

    /// <returns>A job that a webhook made of the same label: the inbox has keys of its own, but no job is older than its label.</returns>
    private async Task<JobId?> SinceAsync(string tenant, RepositoryName name, int number, DateTimeOffset marked, CancellationToken cancellationToken)
    {
        var filter = new JobFilter(Label: IssueText.Label(name, number), From: marked - ClockSkew);
        var found = await store.Queries.ListAsync(tenant, new JobListQuery(filter, JobSort.Newest, After: null, Limit: 1), cancellationToken);
        return found.Count > 0 ? found[0].Id : null;
    }

    private string? Objection(IssueBody? issue, IssueTrigger trigger) => issue switch
    {
        null => "there is no such issue",
        { PullRequest: not null } => "it is a pull request",
        { State: not "open" } => "it is closed",
        _ when trigger.Mark is null && issue.Labels?.Any(IsLabel) != true => $"it does not have the label {options.Label} any more",
        _ => null,
    };

    private (string? Tenant, RepositoryName? Name) Place(IssueTrigger trigger)
    {
        var name = RepositoryName.TryParse(trigger.Repository, out var named) ? named : host.Repository(trigger.Repository);
        return (trigger.Installation is { } installation ? installations.TenantOf(installation) : Installations.DefaultTenant, name);
    }

    private string ClaimOf(RepositoryName name, int number) => host.PageOf(name, number).ToLowerInvariant();

    private bool IsLabel(LabelBody? label) => options.Label.Equals(label?.Name, StringComparison.OrdinalIgnoreCase);

    private DateTimeOffset Now() => DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds());

    private static TriggerResult No(string reason) => new(null, Created: false, reason);
}
