using AiCd.Actors.Ports;
using AiCd.Forge.GitHub;

namespace AiCd.Forge.Repositories;

/// <summary>Finds what a job's repository is fetched from.</summary>
internal sealed class MirrorSources(SourceRepositories local, GitHubRepositories gitHub)
{
    /// <exception cref="StageException">There is no such repository, or it is not allowed.</exception>
    public async Task<IMirrorSource> FindAsync(string tenant, string repository, CancellationToken cancellationToken) =>
        gitHub.Named(repository) is { } name
            ? await gitHub.FindAsync(tenant, name, cancellationToken)
            : await local.FindAsync(repository, cancellationToken);
}
