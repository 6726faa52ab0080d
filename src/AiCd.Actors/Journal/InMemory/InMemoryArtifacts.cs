namespace AiCd.Actors.Journal.InMemory;

internal sealed class InMemoryArtifacts(InMemoryData data) : IArtifacts
{
    public Task PutAsync(string tenant, IReadOnlyList<ArtifactContent> contents, CancellationToken cancellationToken)
    {
        lock (data.Gate)
        {
            Put(data, tenant, contents);
        }

        return Task.CompletedTask;
    }

    public Task<byte[]?> FindAsync(string tenant, string sha256, CancellationToken cancellationToken)
    {
        lock (data.Gate)
        {
            return Task.FromResult(data.Artifacts.TryGetValue(new ArtifactKey(tenant, sha256), out var artifact) ? (byte[]?)artifact.Content.Clone() : null);
        }
    }

    public static void Put(InMemoryData data, string tenant, IReadOnlyList<ArtifactContent> contents)
    {
        foreach (var (sha256, content) in contents)
        {
            var key = new ArtifactKey(tenant, sha256);
            data.Artifacts[key] = data.Artifacts.TryGetValue(key, out var there)
                ? there with { PutAt = data.Time.GetUtcNow() }
                : new InMemoryArtifact(content.ToArray(), data.Time.GetUtcNow());
        }
    }
}
