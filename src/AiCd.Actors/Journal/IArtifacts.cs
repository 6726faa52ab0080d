namespace AiCd.Actors.Journal;

/// <summary>Content by tenant and hash. Immutable: the same hash is the same content.</summary>
public interface IArtifacts
{
    /// <summary>Durable when the task completes.</summary>
    Task PutAsync(string tenant, IReadOnlyList<ArtifactContent> contents, CancellationToken cancellationToken);

    /// <returns>Null where there is none.</returns>
    Task<byte[]?> FindAsync(string tenant, string sha256, CancellationToken cancellationToken);
}
