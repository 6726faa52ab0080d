using System.Net;
using AiCd.Actors.Jobs.Payloads;
using AiCd.Actors.Ports;
using AiCd.Forge.GitHub.Api;
using AiCd.Forge.GitHub.Auth;
using AiCd.Forge.GitHub.Http;

namespace AiCd.Forge.GitHub.Work;

/// <summary>The forge of repositories on GitHub.</summary>
internal sealed class GitHubForge(
    PushTargets targets, GitHubPusher pusher, GitHubPullRequests pulls, GitHubEvidence evidence, GitHubAccesses accesses, PullApi pullApi, IssueApi issues,
    Pacer pacer, GitHubOptions options) : IForge
{
    public Task<string?> FindBranchAsync(PullRequestDraft draft, CancellationToken cancellationToken) => TranslateAsync(async () =>
        await targets.FindAsync(draft, create: false, cancellationToken) is { } target
            ? await pusher.FindAsync(target.Head, draft.Branch, cancellationToken)
            : null);

    public Task PushAsync(PullRequestDraft draft, Func<CancellationToken, Task<byte[]>> bundle, CancellationToken cancellationToken) => TranslateAsync(async () =>
    {
        var target = await targets.FindAsync(draft, create: true, cancellationToken);
        await pusher.PushAsync(target!, draft, bundle, cancellationToken);
        return true;
    });

    public Task<PullRequestRef?> FindPullRequestAsync(PullRequestDraft draft, CancellationToken cancellationToken) => TranslateAsync(async () =>
        await targets.FindAsync(draft, create: false, cancellationToken) is { } target ? await pulls.FindAsync(target, draft, cancellationToken) : null);

    public Task<PullRequestRef> OpenPullRequestAsync(PullRequestDraft draft, CancellationToken cancellationToken) => TranslateAsync(async () =>
        await pulls.OpenAsync(await RequireAsync(draft, cancellationToken), draft, cancellationToken));

    public Task ClosePullRequestAsync(PullRequestDraft draft, PullRequestRef pullRequest, CancellationToken cancellationToken) => TranslateAsync(async () =>
    {
        await pulls.CloseAsync(await RequireAsync(draft, cancellationToken), draft, pullRequest, cancellationToken);
        return true;
    });

    public Task ReadyAsync(PullRequestDraft draft, CancellationToken cancellationToken) => TranslateAsync(async () =>
    {
        var target = await RequireBaseAsync(draft, cancellationToken);
        var access = await accesses.ForAsync(target.Base.Repository, TokenUse.Work, cancellationToken);
        var request = new GitHubRequest(HttpMethod.Post, $"repos/{target.Base.Repository}") { MakesContent = true };
        await pacer.TakeTurnAsync(access.Key, request, cancellationToken);
        await pacer.RequireFreeAsync(access.Key, request, cancellationToken);
        return true;
    });

    /// <summary>A token, and the hook of a single repository, serve one tenant.</summary>
    public bool Watches(PullRequestDraft draft) => (options.Poll || options.HasWebhook) && (accesses.UsesApp || draft.Tenant == Installations.DefaultTenant);

    public bool KeepsEvidence(PullRequestDraft draft) => true;

    public Task<string> ReportEvidenceAsync(PullRequestDraft draft, ReviewEvidence found, CancellationToken cancellationToken) => TranslateAsync(async () =>
        await evidence.ReportAsync(await RequireAsync(draft, cancellationToken), draft, found, cancellationToken));

    public Task<string?> AnnotateAsync(PullRequestDraft draft, PullRequestRef pullRequest, CancellationToken cancellationToken) => TranslateAsync(async () =>
    {
        var repository = (await RequireAsync(draft, cancellationToken)).Base.Repository;
        var access = await accesses.ForAsync(repository, TokenUse.Work, cancellationToken);
        var teams = options.Reviewers.Where(reviewer => reviewer.Contains('/')).Select(team => team.Split('/')[1]).ToList();
        var people = options.Reviewers.Where(reviewer => !reviewer.Contains('/')).ToList();
        var labels = options.Labels.Union(draft.Labels ?? [], StringComparer.OrdinalIgnoreCase).ToList();
        string?[] shortcomings =
        [
            await TryAsync(labels.Count > 0, "labels", () => issues.AddLabelsAsync(access, repository, pullRequest.Number, labels, cancellationToken)),
            await TryAsync(options.Reviewers.Count > 0, "reviewers",
                () => pullApi.RequestReviewAsync(access, repository, pullRequest.Number, new ReviewRequest(people, teams), cancellationToken)),
            await TryAsync(options.Assignees.Count > 0, "assignees",
                () => issues.AddAssigneesAsync(access, repository, pullRequest.Number, [.. options.Assignees], cancellationToken)),
        ];
        var shortcoming = string.Join("; ", shortcomings.OfType<string>());
        return shortcoming.Length == 0 ? null : shortcoming;
    });

    /// <summary>A refusal of these costs the pull request nothing.</summary>
    private static async Task<string?> TryAsync(bool wanted, string what, Func<Task> act)
    {
        try
        {
            await (wanted ? act() : Task.CompletedTask);
            return null;
        }
        catch (GitHubRefusedException refused) when (refused.Status is HttpStatusCode.Forbidden or HttpStatusCode.NotFound or HttpStatusCode.UnprocessableEntity)
        {
            return $"the {what} could not be set: {refused.Message}";
        }
    }

    private async Task<PushTarget> RequireAsync(PullRequestDraft draft, CancellationToken cancellationToken) =>
        await targets.FindAsync(draft, create: false, cancellationToken)
            ?? throw new StageException(FaultKind.Transient, "fork_not_found", $"The fork of {draft.Repository} that the branch was pushed into is gone");

    /// <summary>Before a push there may be no fork yet.</summary>
    private async Task<PushTarget> RequireBaseAsync(PullRequestDraft draft, CancellationToken cancellationToken) =>
        await targets.FindAsync(draft, create: true, cancellationToken) ?? await RequireAsync(draft, cancellationToken);

    private static async Task<T> TranslateAsync<T>(Func<Task<T>> act)
    {
        try
        {
            return await act();
        }
        catch (GitHubException e)
        {
            throw e.ToStageException();
        }
    }
}
