using AiCd.Forge.Git;
using AiCd.Forge.GitHub.Api;
using AiCd.Forge.GitHub.Auth;
using AiCd.Forge.GitHub.Http;
using AiCd.Forge.Repositories;

namespace AiCd.Forge.GitHub;

/// <summary>A repository on GitHub as git reaches it: by https, with a token that only the one process sees.</summary>
internal sealed class RemoteRepository(GitHubHost host, GitHubAccesses accesses, RepositoryName repository, RepositoryBody body, string? caFile) : IMirrorSource
{
    public RepositoryName Repository { get; } = repository;

    public RepositoryBody Body { get; } = body;

    public string Name => host.PageOf(Repository);

    public string Address => host.GitUrlOf(Repository).AbsoluteUri;

    /// <summary>For messages: without a token.</summary>
    public RemoteAccess Described => new(host.GitUrlOf(Repository), token: null, caFile);

    public IReadOnlyList<string> FetchOptions(string executable) => [];

    public Task<GitOutput> TryRunAsync(GitRunner git, GitCommand command, CancellationToken cancellationToken) =>
        TryRunAsync(git, command, TokenUse.Fetch, cancellationToken);

    public Task<GitOutput> TryPushAsync(GitRunner git, GitCommand command, CancellationToken cancellationToken) =>
        TryRunAsync(git, command, TokenUse.Push, cancellationToken);

    /// <summary>GitHub's repositories all have SHA-1.</summary>
    public Task<string> ObjectFormatAsync(GitRunner git, CancellationToken cancellationToken) => Task.FromResult("sha1");

    /// <summary>A token that was refused is replaced once: it may have expired since it was handed out.</summary>
    private async Task<GitOutput> TryRunAsync(GitRunner git, GitCommand command, TokenUse use, CancellationToken cancellationToken)
    {
        var output = await OnceAsync(git, command, use, renew: false, cancellationToken);
        return !output.Succeeded && accesses.UsesApp && GitFailure.IsUnauthorized(output.Errors)
            ? await OnceAsync(git, command, use, renew: true, cancellationToken)
            : output;
    }

    private async Task<GitOutput> OnceAsync(GitRunner git, GitCommand command, TokenUse use, bool renew, CancellationToken cancellationToken)
    {
        string? token;
        try
        {
            token = await accesses.GitTokenAsync(Repository, use, renew, cancellationToken);
        }
        catch (GitHubException e)
        {
            throw e.ToStageException();
        }

        return await git.TryRunAsync(command with { Remote = new RemoteAccess(host.GitUrlOf(Repository), token, caFile) }, cancellationToken);
    }
}
