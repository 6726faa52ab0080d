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
            return Task.FromResult(data.Artifacts.TryGetValue((tenant, sha256), out var content) ? (byte[]?)content.Clone() : null);
        }
    }

    public static void Put(InMemoryData data, string tenant, IReadOnlyList<ArtifactContent> contents)
    {
        foreach (var (sha256, content) in contents)
        {
            if (!data.Artifacts.ContainsKey((tenant, sha256)))
            {
                data.Artifacts.Add((tenant, sha256), content.ToArray());
            }
        }
    }
}
