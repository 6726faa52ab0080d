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
/// One look at GitHub for what no webhook has told: labelled issues, commands in comments, edits and closings of issues that
/// are worked on, deliveries that never arrived. What was told already changes nothing.
/// </summary>
internal sealed class IssuePoll(
    GitHubHost host, IIssueTriggers triggers, IssueApi issues, RepositoryApi repositories, AppApi app, GitHubAccesses accesses, Installations installations,
    MissedDeliveries deliveries, CommentPoll comments, ReviewPoll reviews, PullRequestWatch watch, IStore store, GitHubOptions options, TimeProvider time, ILogger<IssuePoll> logger)
{
    // Of those that have ended no more are looked at.
    private const int PageSize = 500;

    private static readonly TimeSpan Watched = TimeSpan.FromDays(14);

    private static readonly JobState[] Unfinished = [JobState.Queued, JobState.Planning, JobState.Coding, JobState.Reviewing, JobState.PrOpen];

    public async Task RunAsync(IJobGateway jobs, CancellationToken cancellationToken)
    {
        if (deliveries.CanAsk)
        {
            await TryAsync("the App's deliveries", () => deliveries.RedeliverAsync(cancellationToken));
        }

        foreach (var place in await ListRepositoriesAsync(cancellationToken))
        {
            await TryAsync(place.Name.ToString(), () => LookAsync(jobs, place, cancellationToken));
            if (comments.Listens)
            {
                await TryAsync($"comments in {place.Name}", () => comments.LookAsync(place.Name, place.Installation, cancellationToken));
            }

            if (reviews.Listens)
            {
                await reviews.ListenAsync(place.Name, cancellationToken);
            }
        }

        await RecheckAsync(jobs, cancellationToken);
        await WatchAsync(jobs, cancellationToken);
    }

    /// <summary>Of jobs that wait for their pull request, for as long as they do, and of the last that were completed not too long ago.</summary>
    private async Task WatchAsync(IJobGateway jobs, CancellationToken cancellationToken)
    {
        var since = time.GetUtcNow() - Watched;
        foreach (var tenant in await installations.TenantsAsync(cancellationToken))
        {
            await foreach (var view in store.Jobs.ListAllAsync(tenant, JobState.PrOpen, PageSize, cancellationToken))
            {
                await WatchAsync(jobs, view, cancellationToken);
            }

            var completed = await store.Jobs.ListAsync(tenant, JobState.Completed, before: null, PageSize, cancellationToken);
            foreach (var view in completed.Where(view => view.UpdatedAt > since))
            {
                await WatchAsync(jobs, view, cancellationToken);
            }
        }
    }

    private async Task WatchAsync(IJobGateway jobs, JobView view, CancellationToken cancellationToken)
    {
        if (view.PullRequestNumber is null || host.Repository(view.Repository) is null)
        {
            return;
        }

        await TryAsync($"pull request of job {view.Id}", async () =>
        {
            if (await jobs.FindAsync(view.Id, cancellationToken) is { } job)
            {
                await watch.LookAsync(jobs, job, cancellationToken);
            }
        });
    }

    private async Task LookAsync(IJobGateway jobs, Place place, CancellationToken cancellationToken)
    {
        var access = await accesses.ForAsync(place.Name, TokenUse.Work, cancellationToken);
        foreach (var issue in await issues.ListOpenAsync(access, place.Name, options.Label, cancellationToken))
        {
            if (issue.PullRequest is null)
            {
                await TryAsync(
                    $"{place.Name}#{issue.Number}",
                    () => triggers.TriggerAsync(jobs, new IssueTrigger(place.Tenant, place.Name.ToString(), issue.Number), cancellationToken));
            }
        }
    }

    private async Task RecheckAsync(IJobGateway jobs, CancellationToken cancellationToken)
    {
        foreach (var tenant in await installations.TenantsAsync(cancellationToken))
        {
            foreach (var state in Unfinished)
            {
                await foreach (var view in store.Jobs.ListAllAsync(tenant, state, PageSize, cancellationToken))
                {
                    await TryAsync($"job {view.Id}", () => RecheckAsync(jobs, view, cancellationToken));
                }
            }
        }
    }

    private async Task RecheckAsync(IJobGateway jobs, JobView view, CancellationToken cancellationToken)
    {
        if (host.Repository(view.Repository) is not null
            && await jobs.FindAsync(view.Id, cancellationToken) is { } job
            && host.Issue(job.Submission.Url) is { } issue)
        {
            await triggers.RecheckAsync(jobs, new IssueTrigger(view.Tenant, issue.Repository.ToString(), issue.Number), cancellationToken);
        }
    }

    private async Task<IReadOnlyList<Place>> ListRepositoriesAsync(CancellationToken cancellationToken)
    {
        if (!accesses.UsesApp)
        {
            return [.. Names(options.Repositories).Select(name => new Place(Installations.DefaultTenant, name, null))];
        }

        var all = new List<Place>();
        foreach (var installation in await app.ListInstallationsAsync(cancellationToken))
        {
            if (installation.SuspendedAt is null && await installations.TenantOfAsync(installation.Id, cancellationToken) is { } tenant)
            {
                var bodies = await repositories.ListOfInstallationAsync(accesses.For(installation), cancellationToken);
                var names = Names(bodies.Where(body => body.Archived != true).Select(body => body.FullName));
                all.AddRange(names.Select(name => new Place(tenant, name, installation.Id)));
            }
        }

        return all;
    }

    private static IEnumerable<RepositoryName> Names(IEnumerable<string?> entries)
    {
        foreach (var entry in entries)
        {
            if (RepositoryName.TryParse(entry, out var name))
            {
                yield return name;
            }
        }
    }

    /// <summary>What fails for one repository, issue or job says nothing of the others. Limits say something of all.</summary>
    private async Task TryAsync(string what, Func<Task> act)
    {
        try
        {
            await act();
        }
        catch (StageException e) when (e.Code != "github_limited")
        {
            logger.NotPolled(what, e);
        }
        catch (GitHubException e) when (e is not GitHubLimitedException)
        {
            logger.NotPolled(what, e);
        }
        catch (Exception e) when (e is JobQuarantinedException)
        {
            logger.NotPolled(what, e);
        }
    }

    private sealed record Place(string Tenant, RepositoryName Name, long? Installation);
}
