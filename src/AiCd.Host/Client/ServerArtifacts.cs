using AiCd.Actors.Jobs;
using AiCd.Actors.Journal;

namespace AiCd.Host.Client;

/// <summary>What a job of a server left. A key has one tenant, so which one is not asked.</summary>
internal sealed class ServerArtifacts(ApiClient api, JobId job) : IArtifacts
{
    public Task<byte[]?> FindAsync(string tenant, string sha256, CancellationToken cancellationToken) =>
        api.FindBytesAsync($"jobs/{job}/artifacts/{sha256}", cancellationToken);

    public Task PutAsync(string tenant, IReadOnlyList<ArtifactContent> contents, CancellationToken cancellationToken) =>
        throw new NotSupportedException("A server takes no artifacts from clients");
}
