using System.Net;
using AiCd.Actors.Ports;
using AiCd.Forge.GitHub.Api;
using AiCd.Forge.GitHub.Auth;
using AiCd.Forge.GitHub.Http;

namespace AiCd.Forge.GitHub.Work;

/// <summary>
/// Evidence beside a commit: a check run where an App works, a commit status where a token does, because only Apps may make check runs.
/// Once a commit: what is there already is brought up to date.
/// </summary>
internal sealed class GitHubEvidence(GitHubAccesses accesses, RepositoryApi api)
{
    public const string Name = "AiCd";

    /// <returns>Where it can be seen, or why it cannot be shown.</returns>
    public async Task<string> ReportAsync(PushTarget target, PullRequestDraft draft, ReviewEvidence evidence, CancellationToken cancellationToken)
    {
        var access = await accesses.ForAsync(target.Base.Repository, TokenUse.Work, cancellationToken);
        try
        {
            return accesses.UsesApp
                ? await CheckAsync(access, target.Base.Repository, draft, evidence, cancellationToken)
                : await StatusAsync(access, target.Base.Repository, draft, evidence, cancellationToken);
        }
        catch (GitHubRefusedException refused) when (refused.Status is HttpStatusCode.Forbidden or HttpStatusCode.NotFound or HttpStatusCode.UnprocessableEntity)
        {
            // Without the permission the pull request still says it all.
            return $"not shown: {refused.Message}";
        }
    }

    private async Task<string> CheckAsync(
        IGitHubAccess access, RepositoryName repository, PullRequestDraft draft, ReviewEvidence evidence, CancellationToken cancellationToken)
    {
        var sha = draft.Change.CommitSha;
        var run = new CheckRunChange(
            Name,
            sha,
            draft.Job.Value,
            "completed",
            EvidenceText.Passed(evidence) ? "success" : "failure",
            new CheckOutput(EvidenceText.Title(evidence), EvidenceText.Summary(evidence), EvidenceText.Logs(evidence)));
        var existing = (await api.ListCheckRunsAsync(access, repository, sha, Name, cancellationToken))
            .Where(known => known.Name == Name && known.HeadSha == sha && known.ExternalId == draft.Job.Value)
            .OrderBy(known => known.Id)
            .FirstOrDefault();
        var shown = existing is null
            ? await api.CreateCheckRunAsync(access, repository, run, takesTurn: false, cancellationToken)
            : await api.UpdateCheckRunAsync(access, repository, existing.Id, run, takesTurn: false, cancellationToken);
        return shown.HtmlUrl ?? $"check run {shown.Id}";
    }

    private async Task<string> StatusAsync(
        IGitHubAccess access, RepositoryName repository, PullRequestDraft draft, ReviewEvidence evidence, CancellationToken cancellationToken)
    {
        var sha = draft.Change.CommitSha;
        var status = new NewStatus(EvidenceText.Passed(evidence) ? "success" : "failure", Name, EvidenceText.Description(evidence));
        var latest = (await api.ListStatusesAsync(access, repository, sha, cancellationToken)).FirstOrDefault(known => known.Context == Name);
        if (latest is null || latest.State != status.State || latest.Description != status.Description)
        {
            await api.CreateStatusAsync(access, repository, sha, status, takesTurn: false, cancellationToken);
        }

        return $"commit status {Name}: {status.State}";
    }
}
