using System.Globalization;
using AiCd.Forge.GitHub.Auth;
using AiCd.Forge.GitHub.Http;

namespace AiCd.Forge.GitHub.Api;

/// <summary>Repositories and what is in them.</summary>
internal sealed class RepositoryApi(ApiCalls calls)
{
    /// <summary>Follows renames: the answer's name is the one in force.</summary>
    public Task<RepositoryBody> GetAsync(IGitHubAccess access, RepositoryName repository, CancellationToken cancellationToken) =>
        calls.GetAsync(access, $"repos/{repository}", GitHubJson.Default.RepositoryBody, cancellationToken);

    /// <returns>Null where there is none.</returns>
    public Task<RepositoryBody?> FindAsync(IGitHubAccess access, RepositoryName repository, CancellationToken cancellationToken) =>
        calls.FindAsync(access, $"repos/{repository}", GitHubJson.Default.RepositoryBody, cancellationToken);

    public Task<List<RepositoryBody>> ListOfInstallationAsync(IGitHubAccess access, CancellationToken cancellationToken) => calls.ListAsync(
        access, "installation/repositories", GitHubJson.Default.InstallationRepositoriesBody, page => page.Repositories, cancellationToken);

    public Task<UserBody> GetUserAsync(IGitHubAccess access, CancellationToken cancellationToken) =>
        calls.GetAsync(access, "user", GitHubJson.Default.UserBody, cancellationToken);

    public Task<PermissionBody?> FindPermissionAsync(IGitHubAccess access, RepositoryName repository, string user, CancellationToken cancellationToken) =>
        calls.FindAsync(access, $"repos/{repository}/collaborators/{Uri.EscapeDataString(user)}/permission", GitHubJson.Default.PermissionBody, cancellationToken);

    public Task<GitCommitBody> GetCommitAsync(IGitHubAccess access, RepositoryName repository, string sha, CancellationToken cancellationToken) =>
        calls.GetAsync(access, $"repos/{repository}/git/commits/{sha}", GitHubJson.Default.GitCommitBody, cancellationToken);

    /// <returns>The text of a small file, or null where there is none.</returns>
    public async Task<string?> FindFileAsync(IGitHubAccess access, RepositoryName repository, string path, string branch, CancellationToken cancellationToken) =>
        await ReadFileAsync(access, repository, path, branch, cancellationToken) is { } content ? System.Text.Encoding.UTF8.GetString(content) : null;

    /// <param name="version">A branch or a commit.</param>
    public async Task<byte[]?> ReadFileAsync(IGitHubAccess access, RepositoryName repository, string path, string version, CancellationToken cancellationToken)
    {
        var file = await calls.FindAsync(
            access, $"repos/{repository}/contents/{path}?ref={Uri.EscapeDataString(version)}", GitHubJson.Default.ContentBody, cancellationToken);
        return file is { Type: "file", Encoding: "base64", Content: { } content } ? Convert.FromBase64String(content.ReplaceLineEndings("")) : null;
    }

    /// <summary>Forks into the account of the token's holder; a fork that is there already is the answer.</summary>
    public Task<RepositoryBody> ForkAsync(IGitHubAccess access, RepositoryName repository, CancellationToken cancellationToken) => calls.SendAsync(
        access,
        new GitHubRequest(HttpMethod.Post, $"repos/{repository}/forks") { MakesContent = true },
        new NewFork(DefaultBranchOnly: false),
        GitHubJson.Default.NewFork,
        GitHubJson.Default.RepositoryBody,
        cancellationToken);

    /// <summary>All runs of one name on a commit.</summary>
    public Task<List<CheckRunBody>> ListCheckRunsAsync(
        IGitHubAccess access, RepositoryName repository, string sha, string name, CancellationToken cancellationToken) => calls.ListAsync(
            access,
            $"repos/{repository}/commits/{sha}/check-runs?check_name={Uri.EscapeDataString(name)}",
            GitHubJson.Default.CheckRunsBody,
            page => page.CheckRuns,
            cancellationToken);

    /// <summary>The latest run of every check on a commit.</summary>
    public Task<List<CheckRunBody>> ListCheckRunsAsync(IGitHubAccess access, RepositoryName repository, string sha, CancellationToken cancellationToken) => calls.ListAsync(
        access, $"repos/{repository}/commits/{sha}/check-runs?filter=latest", GitHubJson.Default.CheckRunsBody, page => page.CheckRuns, cancellationToken);

    public Task<CheckRunBody> CreateCheckRunAsync(
        IGitHubAccess access, RepositoryName repository, CheckRunChange run, bool takesTurn, CancellationToken cancellationToken) => calls.SendAsync(
            access,
            new GitHubRequest(HttpMethod.Post, $"repos/{repository}/check-runs") { MakesContent = true, TakesTurn = takesTurn },
            run,
            GitHubJson.Default.CheckRunChange,
            GitHubJson.Default.CheckRunBody,
            cancellationToken);

    public Task<CheckRunBody> UpdateCheckRunAsync(
        IGitHubAccess access, RepositoryName repository, long id, CheckRunChange run, bool takesTurn, CancellationToken cancellationToken) => calls.SendAsync(
            access,
            new GitHubRequest(HttpMethod.Patch, string.Create(CultureInfo.InvariantCulture, $"repos/{repository}/check-runs/{id}")) { TakesTurn = takesTurn },
            run with { HeadSha = null },
            GitHubJson.Default.CheckRunChange,
            GitHubJson.Default.CheckRunBody,
            cancellationToken);

    /// <summary>The statuses of a commit, newest first.</summary>
    public Task<List<StatusBody>> ListStatusesAsync(IGitHubAccess access, RepositoryName repository, string sha, CancellationToken cancellationToken) =>
        calls.ListAsync(access, $"repos/{repository}/commits/{sha}/statuses", GitHubJson.Default.ListStatusBody, cancellationToken);

    public Task<StatusBody> CreateStatusAsync(
        IGitHubAccess access, RepositoryName repository, string sha, NewStatus status, bool takesTurn, CancellationToken cancellationToken) => calls.SendAsync(
            access,
            new GitHubRequest(HttpMethod.Post, $"repos/{repository}/statuses/{sha}") { MakesContent = true, TakesTurn = takesTurn },
            status,
            GitHubJson.Default.NewStatus,
            GitHubJson.Default.StatusBody,
            cancellationToken);
}
