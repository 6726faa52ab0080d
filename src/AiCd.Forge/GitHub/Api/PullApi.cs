using System.Globalization;
using AiCd.Forge.GitHub.Auth;
using AiCd.Forge.GitHub.Http;

namespace AiCd.Forge.GitHub.Api;

/// <summary>Pull requests.</summary>
internal sealed class PullApi(ApiCalls calls)
{
    /// <summary>All pull requests of a branch, open and closed, newest first.</summary>
    /// <param name="owner">Of the repository that the branch is in, which may be a fork.</param>
    public Task<List<PullBody>> ListAsync(IGitHubAccess access, RepositoryName repository, string owner, string branch, CancellationToken cancellationToken) =>
        calls.ListAsync(access, $"repos/{repository}/pulls?head={Uri.EscapeDataString($"{owner}:{branch}")}&state=all", GitHubJson.Default.ListPullBody, cancellationToken);

    public Task<PullBody> CreateAsync(IGitHubAccess access, RepositoryName repository, NewPull pull, bool takesTurn, CancellationToken cancellationToken) => calls.SendAsync(
        access,
        new GitHubRequest(HttpMethod.Post, $"repos/{repository}/pulls") { MakesContent = true, TakesTurn = takesTurn },
        pull,
        GitHubJson.Default.NewPull,
        GitHubJson.Default.PullBody,
        cancellationToken);

    public Task<PullBody> UpdateAsync(
        IGitHubAccess access, RepositoryName repository, int number, PullChange change, bool takesTurn, CancellationToken cancellationToken) => calls.SendAsync(
            access,
            new GitHubRequest(HttpMethod.Patch, string.Create(CultureInfo.InvariantCulture, $"repos/{repository}/pulls/{number}")) { TakesTurn = takesTurn },
            change,
            GitHubJson.Default.PullChange,
            GitHubJson.Default.PullBody,
            cancellationToken);

    public Task RequestReviewAsync(IGitHubAccess access, RepositoryName repository, int number, ReviewRequest reviewers, CancellationToken cancellationToken) => calls.SendAsync(
        access,
        new GitHubRequest(HttpMethod.Post, string.Create(CultureInfo.InvariantCulture, $"repos/{repository}/pulls/{number}/requested_reviewers")),
        reviewers,
        GitHubJson.Default.ReviewRequest,
        cancellationToken);
}
