using System.Globalization;
using AiCd.Forge.GitHub.Auth;
using AiCd.Forge.GitHub.Http;

namespace AiCd.Forge.GitHub.Api;

/// <summary>Issues, their comments and labels; a pull request is an issue too.</summary>
internal sealed class IssueApi(ApiCalls calls)
{
    public Task<IssueBody?> FindAsync(IGitHubAccess access, RepositoryName repository, int number, CancellationToken cancellationToken) =>
        calls.FindAsync(access, At(repository, number), GitHubJson.Default.IssueBody, cancellationToken);

    public Task<List<IssueBody>> ListOpenAsync(IGitHubAccess access, RepositoryName repository, string label, CancellationToken cancellationToken) => calls.ListAsync(
        access, $"repos/{repository}/issues?state=open&labels={Uri.EscapeDataString(label)}&sort=created&direction=asc", GitHubJson.Default.ListIssueBody, cancellationToken);

    /// <summary>What happened to the issue, oldest first.</summary>
    public Task<List<IssueEventBody>> ListEventsAsync(IGitHubAccess access, RepositoryName repository, int number, CancellationToken cancellationToken) =>
        calls.ListAsync(access, $"{At(repository, number)}/events", GitHubJson.Default.ListIssueEventBody, cancellationToken);

    /// <summary>The comments of the issue, oldest first.</summary>
    public Task<List<CommentBody>> ListCommentsAsync(IGitHubAccess access, RepositoryName repository, int number, CancellationToken cancellationToken) =>
        calls.ListAsync(access, $"{At(repository, number)}/comments", GitHubJson.Default.ListCommentBody, cancellationToken);

    /// <summary>The comments on issues and pull requests of a repository that were made or changed since then, in the order of their changes.</summary>
    public Task<List<CommentBody>> ListCommentsAsync(IGitHubAccess access, RepositoryName repository, DateTimeOffset since, CancellationToken cancellationToken) => calls.ListAsync(
        access,
        string.Create(CultureInfo.InvariantCulture, $"repos/{repository}/issues/comments?since={since.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}&sort=updated&direction=asc"),
        GitHubJson.Default.ListCommentBody,
        cancellationToken);

    public Task<CommentBody> CommentAsync(IGitHubAccess access, RepositoryName repository, int number, string text, CancellationToken cancellationToken) => calls.SendAsync(
        access,
        new GitHubRequest(HttpMethod.Post, $"{At(repository, number)}/comments") { MakesContent = true },
        new NewComment(text),
        GitHubJson.Default.NewComment,
        GitHubJson.Default.CommentBody,
        cancellationToken);

    public Task<CommentBody> EditCommentAsync(IGitHubAccess access, RepositoryName repository, long comment, string text, CancellationToken cancellationToken) => calls.SendAsync(
        access,
        new GitHubRequest(HttpMethod.Patch, Comment(repository, comment)),
        new NewComment(text),
        GitHubJson.Default.NewComment,
        GitHubJson.Default.CommentBody,
        cancellationToken);

    public Task DeleteCommentAsync(IGitHubAccess access, RepositoryName repository, long comment, CancellationToken cancellationToken) =>
        calls.SendAsync(access, new GitHubRequest(HttpMethod.Delete, Comment(repository, comment)), cancellationToken);

    public Task AddLabelsAsync(IGitHubAccess access, RepositoryName repository, int number, IReadOnlyList<string> labels, CancellationToken cancellationToken) => calls.SendAsync(
        access, new GitHubRequest(HttpMethod.Post, $"{At(repository, number)}/labels"), new LabelNames(labels), GitHubJson.Default.LabelNames, cancellationToken);

    public Task AddAssigneesAsync(IGitHubAccess access, RepositoryName repository, int number, IReadOnlyList<string> assignees, CancellationToken cancellationToken) => calls.SendAsync(
        access, new GitHubRequest(HttpMethod.Post, $"{At(repository, number)}/assignees"), new AssigneeNames(assignees), GitHubJson.Default.AssigneeNames, cancellationToken);

    private static string At(RepositoryName repository, int number) => string.Create(CultureInfo.InvariantCulture, $"repos/{repository}/issues/{number}");

    private static string Comment(RepositoryName repository, long comment) => string.Create(CultureInfo.InvariantCulture, $"repos/{repository}/issues/comments/{comment}");
}
