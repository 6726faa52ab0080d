using AiCd.Actors.Ports;
using AiCd.Forge.Git;
using AiCd.Forge.GitHub.Api;
using AiCd.Forge.GitHub.Auth;
using Microsoft.Extensions.Logging;

namespace AiCd.Forge.GitHub.Work;

/// <summary>
/// Finds where a job's branch is pushed: into the repository itself, or into a fork where the token may not push. An App is given its
/// permission when it is installed, and forks nothing.
/// </summary>
internal sealed class PushTargets(
    GitHubHost host, GitHubRepositories repositories, GitHubAccesses accesses, TokenAccess token, RepositoryApi api, GitRunner git, GitHubOptions options,
    TimeProvider time, ILogger<PushTargets> logger)
{
    private const int MaxLooks = 30;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    /// <param name="create">Whether a fork that is missing is made.</param>
    /// <returns>Null where the fork is missing and is not to be made.</returns>
    public async Task<PushTarget?> FindAsync(PullRequestDraft draft, bool create, CancellationToken cancellationToken)
    {
        var name = repositories.Named(draft.Repository)
            ?? throw new StageException(FaultKind.Permanent, "repository_invalid", $"{draft.Repository} names no repository on {host.WebUrl}");
        var repository = await repositories.FindAsync(draft.Tenant, name, cancellationToken);
        if (accesses.UsesApp || repository.Body.Permissions?.Push != false)
        {
            return new PushTarget(repository, repository);
        }

        if (!options.Fork)
        {
            throw new StageException(FaultKind.Permanent, "push_not_allowed",
                $"The token may not push into {repository.Repository}, and AiCd:GitHub:Fork forbids a fork");
        }

        var fork = await FindForkAsync(repository, cancellationToken);
        if (fork is null && create)
        {
            fork = await ForkAsync(repository, cancellationToken);
        }

        return fork is null ? null : new PushTarget(repository, fork);
    }

    private async Task<RemoteRepository?> FindForkAsync(RemoteRepository repository, CancellationToken cancellationToken)
    {
        var login = (await api.GetUserAsync(token, cancellationToken)).Login ?? "";
        return RepositoryName.TryParse($"{login}/{repository.Repository.Name}", out var name)
            && await api.FindAsync(token, name, cancellationToken) is { Fork: true } body
            && body.Parent?.Id == repository.Body.Id
            ? Remote(name, body)
            : null;
    }

    /// <summary>GitHub makes a fork in its own time: it is there when git sees its branches.</summary>
    private async Task<RemoteRepository> ForkAsync(RemoteRepository repository, CancellationToken cancellationToken)
    {
        if (repository.Body.AllowForking == false)
        {
            throw new StageException(FaultKind.Permanent, "fork_not_allowed", $"The token may not push into {repository.Repository}, and it may not be forked");
        }

        var body = await api.ForkAsync(token, repository.Repository, cancellationToken);
        var fork = RepositoryName.TryParse(body.FullName, out var name)
            ? Remote(name, body)
            : throw new StageException(FaultKind.ProviderDown, "github_unavailable", "GitHub did not name the fork that it made");
        logger.Forked(repository.Repository.ToString(), fork.Repository.ToString());
        var list = new GitCommand(["ls-remote", "--quiet", "--heads", "--", fork.Address]);
        for (var look = 0; look < MaxLooks; look++)
        {
            if (await fork.TryRunAsync(git, list, cancellationToken) is { Succeeded: true, Bytes.Length: > 0 })
            {
                return fork;
            }

            await Task.Delay(Pause, time, cancellationToken);
        }

        throw new StageException(FaultKind.Transient, "fork_not_ready", $"GitHub is still making the fork {fork.Repository}");
    }

    private RemoteRepository Remote(RepositoryName name, RepositoryBody body) =>
        new(host, accesses, name, body, options.CaFile.Length > 0 ? options.CaFile : null);
}
