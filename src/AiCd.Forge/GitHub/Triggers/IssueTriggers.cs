using AiCd.Actors.Jobs;
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
    GitHubHost host, GitHubRepositories repositories, GitHubAccesses accesses, IssueApi issues, GitHubPermissions permissions, IssueEdits edits,
    PullRequestWatch watch, IStore store, GitHubOptions options, TimeProvider time, ILogger<IssueTriggers> logger, ITenantRules? rules = null,
    JobTargets? targets = null) : IIssueTriggers
{
    private const string By = "github";

    // Between GitHub's clock and ours.
    private static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(30);

    public bool IsMark(string? label) => options.Label.Equals(label, StringComparison.OrdinalIgnoreCase);

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

    public async Task<JobId?> FindJobAsync(IJobGateway jobs, IssueTrigger place, CancellationToken cancellationToken)
    {
        if (NameOf(place) is not { } name)
        {
            return null;
        }

        if (await AtWorkAsync(place.Tenant, name, place.Number, cancellationToken) is { } working)
        {
            return working;
        }

        if (await LatestAsync(place.Tenant, name, place.Number, cancellationToken) is { } latest)
        {
            return latest.Id;
        }

        return await watch.FindJobAsync(jobs, place.Tenant, name, place.Number, cancellationToken) is { } opened
            ? await FindSuccessorAsync(jobs, opened, cancellationToken) ?? opened.Id
            : null;
    }

    public async Task<JobId?> RecheckAsync(IJobGateway jobs, IssueTrigger place, CancellationToken cancellationToken)
    {
        try
        {
            if (NameOf(place) is not { } name
                || await AtWorkAsync(place.Tenant, name, place.Number, cancellationToken) is not { } job
                || await jobs.FindAsync(job, cancellationToken) is not { } found || found.State.IsTerminal())
            {
                return null;
            }

            var repository = await repositories.FindAsync(place.Tenant, name, cancellationToken);
            await RecheckAsync(jobs, found, repository.Repository, place.Number, cancellationToken);
            return job;
        }
        catch (GitHubException e)
        {
            throw e.ToStageException();
        }
    }

    public async Task<JobId?> PullRequestChangedAsync(IJobGateway jobs, IssueTrigger place, CancellationToken cancellationToken) =>
        NameOf(place) is { } name ? await watch.LookAsync(jobs, place.Tenant, name, place.Number, cancellationToken) : null;

    private async Task<TriggerResult> SubmitAsync(IJobGateway jobs, IssueTrigger trigger, CancellationToken cancellationToken)
    {
        if (!options.HasCredentials || NameOf(trigger) is not { } name)
        {
            return No(options.HasCredentials ? $"{trigger.Repository} names no repository on {host.WebUrl.Host}" : "neither an App nor a token is configured for GitHub");
        }

        var tenant = trigger.Tenant;
        var repository = await repositories.FindAsync(tenant, name, cancellationToken);
        var access = await accesses.ForAsync(repository.Repository, TokenUse.Work, cancellationToken);
        var issue = await issues.FindAsync(access, repository.Repository, trigger.Number, cancellationToken);
        if (Objection(issue, trigger) is { } objection)
        {
            return No(objection);
        }

        var (mark, by, at) = trigger.Mark is { } given ? (given, trigger.By, trigger.At) : await LabelAsync(access, repository.Repository, trigger, cancellationToken);
        var key = $"{ClaimOf(repository.Repository, trigger.Number)} {mark}";
        if (await store.Journal.FindClaimAsync(tenant, ClaimKinds.Idempotency, key, cancellationToken) is { } made)
        {
            return new TriggerResult(made, Created: false, Reason: null);
        }

        var mayWrite = by is not null && await permissions.FindAsync(tenant, repository.Repository.ToString(), by, cancellationToken) >= ForgeRole.Write;
        if (await JoinedAsync(tenant, repository.Repository, trigger.Number, trigger.Mark is null ? at : null, cancellationToken) is { } joined)
        {
            if (mayWrite && await jobs.FindAsync(joined, cancellationToken) is { } job && !job.State.IsTerminal())
            {
                await edits.FollowAsync(jobs, job, access, repository.Repository, issue!, at, cancellationToken);
            }

            return new TriggerResult(joined, Created: false, Reason: null);
        }

        if (!mayWrite)
        {
            return No($"{by ?? "nobody known"} may not write into {repository.Repository}");
        }

        if (rules is not null && await rules.FindObjectionAsync(tenant, repository.Name, replaces: false, cancellationToken) is { } forbidden)
        {
            return No(forbidden);
        }

        var (words, untrusted) = await edits.ReadAsync(access, tenant, repository.Repository, issue!, at, cancellationToken);
        if (untrusted is not null)
        {
            return No(untrusted);
        }

        var target = targets is null
            ? new JobTarget(await repositories.ResolveAsync(tenant, repository.Repository, baseBranch: null, cancellationToken), options.Agent)
            : await targets.ResolveAsync(tenant, repository.Name, baseBranch: null, agent: null, options.Agent, cancellationToken);
        var submitted = await jobs.SubmitAsync(Draft(trigger, target, repository.Repository, words, key, by!), cancellationToken);
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
            // Whoever merges a pull request closes its issue too: what became of that one counts before what became of the issue.
            if (job.PullRequest is not null && await watch.EndAsync(jobs, job, cancellationToken))
            {
                return;
            }

            await jobs.SendAsync(job.Id, new JobCommand.Cancel("The issue was closed", By) { At = Now() }, cancellationToken: cancellationToken);
            return;
        }

        await edits.FollowAsync(jobs, job, access, name, issue, marked: null, cancellationToken);
    }

    private NewJob Draft(IssueTrigger trigger, JobTarget target, RepositoryName name, IssueBody issue, string key, string by) => new(
        trigger.Tenant,
        target.Repository.Repository,
        target.Repository.BaseBranch,
        IssueText.Title(issue),
        IssueText.Body(issue),
        target.Agent,
        Url: issue.HtmlUrl ?? host.PageOf(name, issue.Number),
        RequirePlanApproval: trigger.RequirePlanApproval ?? options.RequirePlanApproval,
        Labels: [.. (issue.Labels?.Select(label => label.Name).OfType<string>() ?? []).Append(IssueText.Label(name, issue.Number)).Distinct()],
        IdempotencyKey: key,
        Exclusive: IssueText.Label(name, issue.Number),
        By: $"{By}:{by}");

    /// <summary>The last time that the label was set, and by whom.</summary>
    private async Task<(string Mark, string? By, DateTimeOffset? At)> LabelAsync(IGitHubAccess access, RepositoryName name, IssueTrigger trigger, CancellationToken cancellationToken)
    {
        var events = await issues.ListEventsAsync(access, name, trigger.Number, cancellationToken);
        var labeled = events.Where(entry => entry.Event == "labeled" && IsLabel(entry.Label)).MaxBy(entry => entry.Id);

        // An issue that was opened with the label has no event of it in every version of GitHub.
        return labeled is null ? ("opened", trigger.By, null) : ($"labeled {labeled.Id}", labeled.Actor?.Login ?? trigger.By, labeled.CreatedAt);
    }

    /// <returns>
    /// The job that is at work on the issue, or was when the label was set: however late somebody tells of that label, it was that job's.
    /// </returns>
    private async Task<JobId?> JoinedAsync(string tenant, RepositoryName name, int number, DateTimeOffset? marked, CancellationToken cancellationToken)
    {
        if (await AtWorkAsync(tenant, name, number, cancellationToken) is { } working)
        {
            return working;
        }

        return marked is { } at && await LatestAsync(tenant, name, number, cancellationToken) is { } latest && (latest.EndedAt is not { } ended || ended >= at - ClockSkew)
            ? latest.Id
            : null;
    }

    /// <returns>The job that went on last with the branch of the one that opened its pull request, or null.</returns>
    private async Task<JobId?> FindSuccessorAsync(IJobGateway jobs, Job opened, CancellationToken cancellationToken) =>
        host.Issue(opened.Submission.Url) is { } issue
        && await LatestAsync(opened.Submission.Tenant, issue.Repository, issue.Number, cancellationToken) is { } latest
        && await jobs.FindAsync(latest.Id, cancellationToken) is { } job && job.Submission.Branch == opened.Submission.Branch
            ? job.Id
            : null;

    private Task<JobId?> AtWorkAsync(string tenant, RepositoryName name, int number, CancellationToken cancellationToken) =>
        store.Journal.FindClaimAsync(tenant, ClaimKinds.Exclusive, IssueText.Label(name, number), cancellationToken);

    private async Task<JobView?> LatestAsync(string tenant, RepositoryName name, int number, CancellationToken cancellationToken)
    {
        var filter = new JobFilter(Label: IssueText.Label(name, number));
        var found = await store.Queries.ListAsync(tenant, new JobListQuery(filter, JobSort.Newest, After: null, Limit: 1), cancellationToken);
        return found.Count > 0 ? found[0] : null;
    }

    private string? Objection(IssueBody? issue, IssueTrigger trigger) => issue switch
    {
        null => "there is no such issue",
        { PullRequest: not null } => "it is a pull request",
        { State: not "open" } => "it is closed",
        _ when trigger.Mark is null && issue.Labels?.Any(IsLabel) != true => $"it does not have the label {options.Label} any more",
        _ => null,
    };

    private RepositoryName? NameOf(IssueTrigger place) =>
        RepositoryName.TryParse(place.Repository, out var named) ? named : host.Repository(place.Repository);

    private string ClaimOf(RepositoryName name, int number) => host.PageOf(name, number).ToLowerInvariant();

    private bool IsLabel(LabelBody? label) => IsMark(label?.Name);

    private DateTimeOffset Now() => DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds());

    private static TriggerResult No(string reason) => new(null, Created: false, reason);
}
