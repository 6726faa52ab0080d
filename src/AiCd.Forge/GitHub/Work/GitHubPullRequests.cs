using System.Net;
using AiCd.Actors.Jobs.Payloads;
using AiCd.Actors.Ports;
using AiCd.Forge.GitHub.Api;
using AiCd.Forge.GitHub.Auth;
using AiCd.Forge.GitHub.Http;

namespace AiCd.Forge.GitHub.Work;

/// <summary>
/// One pull request for a branch, whatever happens: it is looked for before it is made, and looked for again where it is not known what
/// became of the making. GitHub itself refuses a second one while the first is open.
/// </summary>
internal sealed class GitHubPullRequests(GitHubHost host, GitHubAccesses accesses, PullApi api, GitHubOptions options, TimeProvider time)
{
    private const int Attempts = 3;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <returns>The branch's pull request if it is the job's own, or null.</returns>
    public async Task<PullRequestRef?> FindAsync(PushTarget target, PullRequestDraft draft, CancellationToken cancellationToken)
    {
        var access = await AccessAsync(target, cancellationToken);
        return await FindAsync(access, target, draft, cancellationToken) is { } found && PullRequestBody.IsOf(draft.Job, found.Body, draft.Branch)
            && (found.State == "open" || found.MergedAt is not null)
            ? Reference(found, draft)
            : null;
    }

    /// <summary>The turn for one thing was taken before.</summary>
    public async Task<PullRequestRef> OpenAsync(PushTarget target, PullRequestDraft draft, CancellationToken cancellationToken)
    {
        var access = await AccessAsync(target, cancellationToken);
        int? gone = null;
        for (var attempt = 1; ; attempt++)
        {
            PullBody? existing = null;
            try
            {
                existing = await FindAsync(access, target, draft, cancellationToken);
                var opened = existing is null || existing.MergedAt is not null || gone == existing.Number
                    ? await api.CreateAsync(access, target.Base.Repository, Draw(target, draft), takesTurn: attempt > 1, cancellationToken)
                    : await AdoptAsync(access, target, draft, existing, takesTurn: attempt > 1, cancellationToken);
                return Reference(opened, draft);
            }
            catch (GitHubUnavailableException) when (attempt < Attempts)
            {
                // It may have been made all the same: the next round looks first.
                await Task.Delay(Pause * attempt, time, cancellationToken);
            }
            catch (GitHubRefusedException refused) when (attempt < Attempts && IsThereAlready(refused))
            {
                await Task.Delay(Pause * attempt, time, cancellationToken);
            }
            catch (GitHubRefusedException refused) when (existing is { State: not "open" } && gone is null && refused.Status == HttpStatusCode.UnprocessableEntity)
            {
                // GitHub opens none again whose branch was rewritten since.
                gone = existing.Number;
            }
        }
    }

    public async Task CloseAsync(PushTarget target, PullRequestDraft draft, PullRequestRef pullRequest, CancellationToken cancellationToken)
    {
        var access = await AccessAsync(target, cancellationToken);
        if (await FindAsync(access, target, draft, cancellationToken) is { State: "open" } open && open.Number == pullRequest.Number)
        {
            await api.UpdateAsync(access, target.Base.Repository, open.Number, new PullChange(null, null, "closed"), takesTurn: false, cancellationToken);
        }
    }

    /// <summary>An open one before a closed one, and the newest of these.</summary>
    private async Task<PullBody?> FindAsync(IGitHubAccess access, PushTarget target, PullRequestDraft draft, CancellationToken cancellationToken)
    {
        var all = await api.ListAsync(access, target.Base.Repository, target.Head.Repository.Owner, draft.Branch, cancellationToken);
        return all
            .Where(pull => pull.Head?.Ref == draft.Branch && (pull.Head.Repo is null || SameRepository(pull.Head.Repo, target)))
            .OrderByDescending(pull => pull.State == "open")
            .ThenByDescending(pull => pull.Number)
            .FirstOrDefault();
    }

    /// <summary>A linked job inherits the branch of an earlier one, and with it its pull request; one that was closed is opened again.</summary>
    private Task<PullBody> AdoptAsync(
        IGitHubAccess access, PushTarget target, PullRequestDraft draft, PullBody existing, bool takesTurn, CancellationToken cancellationToken)
    {
        var body = PullRequestBody.Of(draft, host, target.Base.Repository);
        return existing.State == "open" && existing.Body == body
            ? Task.FromResult(existing)
            : api.UpdateAsync(
                access, target.Base.Repository, existing.Number, new PullChange(PullRequestBody.Title(draft), body, "open"), takesTurn, cancellationToken);
    }

    private NewPull Draw(PushTarget target, PullRequestDraft draft) => new(
        PullRequestBody.Title(draft),
        target.IsFork ? $"{target.Head.Repository.Owner}:{draft.Branch}" : draft.Branch,
        target.IsForkOfSameOwner ? target.Head.Repository.Name : null,
        draft.BaseBranch,
        PullRequestBody.Of(draft, host, target.Base.Repository),
        options.Draft,
        target.IsFork ? true : null);

    private Task<IGitHubAccess> AccessAsync(PushTarget target, CancellationToken cancellationToken) =>
        accesses.ForAsync(target.Base.Repository, TokenUse.Work, cancellationToken);

    private static bool SameRepository(RepositoryBody body, PushTarget target) =>
        RepositoryName.TryParse(body.FullName, out var name) && name == target.Head.Repository;

    private static bool IsThereAlready(GitHubRefusedException refused) =>
        refused.Status == HttpStatusCode.UnprocessableEntity && refused.Reason.Contains("already exists", StringComparison.OrdinalIgnoreCase);

    private static PullRequestRef Reference(PullBody pull, PullRequestDraft draft) => new(
        pull.Number, pull.HtmlUrl ?? $"{draft.Repository}/pull/{pull.Number}", draft.Branch, draft.Change.CommitSha);
}
