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

    /// <returns>Null where there is none.</returns>
    public Task<PullBody?> FindAsync(IGitHubAccess access, RepositoryName repository, int number, CancellationToken cancellationToken) =>
        calls.FindAsync(access, At(repository, number), GitHubJson.Default.PullBody, cancellationToken);

    /// <summary>Oldest first.</summary>
    public Task<List<ReviewBody>> ListReviewsAsync(IGitHubAccess access, RepositoryName repository, int number, CancellationToken cancellationToken) =>
        calls.ListAsync(access, $"{At(repository, number)}/reviews", GitHubJson.Default.ListReviewBody, cancellationToken);

    /// <summary>The remarks on lines of the change.</summary>
    public Task<List<ReviewCommentBody>> ListReviewCommentsAsync(IGitHubAccess access, RepositoryName repository, int number, CancellationToken cancellationToken) =>
        calls.ListAsync(access, $"{At(repository, number)}/comments", GitHubJson.Default.ListReviewCommentBody, cancellationToken);

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
            new GitHubRequest(HttpMethod.Patch, At(repository, number)) { TakesTurn = takesTurn },
            change,
            GitHubJson.Default.PullChange,
            GitHubJson.Default.PullBody,
            cancellationToken);

    public Task RequestReviewAsync(IGitHubAccess access, RepositoryName repository, int number, ReviewRequest reviewers, CancellationToken cancellationToken) => calls.SendAsync(
        access,
        new GitHubRequest(HttpMethod.Post, $"{At(repository, number)}/requested_reviewers"),
        reviewers,
        GitHubJson.Default.ReviewRequest,
        cancellationToken);

    private static string At(RepositoryName repository, int number) => string.Create(CultureInfo.InvariantCulture, $"repos/{repository}/pulls/{number}");
}
