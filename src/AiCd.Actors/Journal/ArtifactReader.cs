using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using AiCd.Actors.Jobs.Payloads;

namespace AiCd.Actors.Journal;

/// <summary>Reads what events name, from the event itself or from the store.</summary>
public sealed class ArtifactReader(IArtifacts artifacts)
{
    /// <exception cref="JournalException">The store has no such content, though an event names it.</exception>
    public async Task<byte[]> ReadAsync(string tenant, ArtifactRef artifact, CancellationToken cancellationToken) =>
        artifact.Inline is { } inline
            ? Encoding.UTF8.GetBytes(inline)
            : await artifacts.FindAsync(tenant, artifact.Sha256, cancellationToken)
              ?? throw new JournalException($"The {artifact.Kind} {artifact.Sha256} is not in the store", isTransient: false);

    public async Task<string> ReadTextAsync(string tenant, ArtifactRef artifact, CancellationToken cancellationToken) =>
        artifact.Inline ?? Encoding.UTF8.GetString(await ReadAsync(tenant, artifact, cancellationToken));

    /// <returns>Null where the store no longer has it: the job's retention is over.</returns>
    public async Task<string?> FindTextAsync(string tenant, ArtifactRef artifact, CancellationToken cancellationToken) =>
        artifact.Inline ?? (await artifacts.FindAsync(tenant, artifact.Sha256, cancellationToken) is { } content ? Encoding.UTF8.GetString(content) : null);

    public async Task<T> ReadJsonAsync<T>(string tenant, ArtifactRef artifact, JsonTypeInfo<T> type, CancellationToken cancellationToken) =>
        JsonSerializer.Deserialize(await ReadTextAsync(tenant, artifact, cancellationToken), type)
        ?? throw new JournalException($"The {artifact.Kind} {artifact.Sha256} is null", isTransient: false);
}
