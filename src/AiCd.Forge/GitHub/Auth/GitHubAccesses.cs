using System.Collections.Concurrent;
using AiCd.Actors.Ports;
using AiCd.Forge.GitHub.Api;
using AiCd.Forge.GitHub.Http;

namespace AiCd.Forge.GitHub.Auth;

/// <summary>As whom a repository is worked on: the App where there is one, otherwise the holder of the token.</summary>
internal sealed class GitHubAccesses(AppApi app, InstallationTokens tokens, TokenAccess token, Installations installations, GitHubOptions options, TimeProvider time)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<RepositoryName, (InstallationBody Installation, DateTimeOffset Until)> _known = new();

    public bool UsesApp => options.HasApp;

    /// <exception cref="GitHubException">The App is not installed there, or GitHub did not answer.</exception>
    public async Task<IGitHubAccess> ForAsync(RepositoryName repository, TokenUse use, CancellationToken cancellationToken) =>
        UsesApp
            ? new InstallationAccess(tokens, new TokenScope((await InstallationAsync(repository, cancellationToken)).Id, repository, use))
            : token;

    /// <summary>
    /// To be told what a repository is called now: a token can be narrowed only to a name that is in force, so this one is narrowed to
    /// what it may see instead.
    /// </summary>
    public async Task<IGitHubAccess> ToLookAsync(RepositoryName repository, CancellationToken cancellationToken) =>
        UsesApp
            ? new InstallationAccess(tokens, new TokenScope((await InstallationAsync(repository, cancellationToken)).Id, null, TokenUse.Look))
            : token;

    /// <returns>Null where the App is not used.</returns>
    /// <exception cref="GitHubException">The App is not installed there, or GitHub did not answer.</exception>
    public async Task<long?> FindInstallationAsync(RepositoryName repository, CancellationToken cancellationToken) =>
        UsesApp ? (await InstallationAsync(repository, cancellationToken)).Id : null;

    public IGitHubAccess For(InstallationBody installation) => new InstallationAccess(tokens, new TokenScope(installation.Id, null, TokenUse.Work));

    /// <summary>For git; null for a stranger.</summary>
    public async Task<string?> GitTokenAsync(RepositoryName repository, TokenUse use, bool renew, CancellationToken cancellationToken)
    {
        var access = await ForAsync(repository, use, cancellationToken);
        return (await access.HeaderAsync(renew && access.IsRenewable, cancellationToken))?.Parameter;
    }

    /// <exception cref="StageException">The repository is another tenant's.</exception>
    public async Task RequireTenantAsync(string tenant, RepositoryName repository, CancellationToken cancellationToken)
    {
        if (UsesApp && await installations.TenantOfAsync((await InstallationAsync(repository, cancellationToken)).Id, cancellationToken) != tenant)
        {
            throw new StageException(FaultKind.Permanent, "repository_not_allowed",
                $"{repository} belongs to no installation of the tenant {tenant} (AiCd:GitHub:Tenants, or the tenant's installations)");
        }
    }

    private async Task<InstallationBody> InstallationAsync(RepositoryName repository, CancellationToken cancellationToken)
    {
        if (_known.TryGetValue(repository, out var known) && time.GetUtcNow() < known.Until)
        {
            return known.Installation;
        }

        var installation = await app.FindInstallationAsync(repository, cancellationToken);
        _known[repository] = (installation, time.GetUtcNow() + Fresh);
        return installation;
    }
}
