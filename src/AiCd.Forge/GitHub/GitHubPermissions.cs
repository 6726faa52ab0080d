using AiCd.Actors.Ports;
using AiCd.Forge.GitHub.Api;
using AiCd.Forge.GitHub.Auth;
using AiCd.Forge.GitHub.Http;

namespace AiCd.Forge.GitHub;

/// <summary>Asks GitHub what somebody may do in a repository.</summary>
internal sealed class GitHubPermissions(
    GitHubRepositories repositories, GitHubAccesses accesses, RepositoryApi api, Installations installations, GitHubOptions options) : IForgePermissions
{
    public async Task<ForgeRole> FindAsync(string tenant, string repository, string user, CancellationToken cancellationToken)
    {
        // Nobody tells a stranger who may what.
        if (!options.HasCredentials
            || (RepositoryName.TryParse(repository, out var named) ? named : repositories.Named(repository)) is not { } name)
        {
            return ForgeRole.None;
        }

        try
        {
            var found = await repositories.FindAsync(tenant, name, cancellationToken);
            var access = await accesses.ForAsync(found.Repository, TokenUse.Work, cancellationToken);
            return Rank(await api.FindPermissionAsync(access, found.Repository, user, cancellationToken));
        }
        catch (StageException refused) when (refused.Kind == FaultKind.Permanent)
        {
            return ForgeRole.None;
        }
        catch (GitHubException e)
        {
            throw e.ToStageException();
        }
    }

    public Task<string?> TenantOfAsync(long installation, CancellationToken cancellationToken) => installations.TenantOfAsync(installation, cancellationToken);

    /// <summary>Maintainers count as writers, and those who sort issues as readers, as GitHub itself counts them here.</summary>
    private static ForgeRole Rank(PermissionBody? body) => body?.Permission switch
    {
        "admin" => ForgeRole.Admin,
        "write" or "maintain" => ForgeRole.Write,
        "read" or "triage" => ForgeRole.Read,
        _ => ForgeRole.None,
    };
}
