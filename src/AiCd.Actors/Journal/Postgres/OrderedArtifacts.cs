namespace AiCd.Actors.Journal.Postgres;

/// <summary>Artifacts in one order for everybody, so that two who put the same never wait for each other in a circle; each once.</summary>
internal static class OrderedArtifacts
{
    public static IEnumerable<(string Tenant, string Sha256, ReadOnlyMemory<byte> Content)> Of(IEnumerable<(string Tenant, ArtifactContent Artifact)> artifacts) => artifacts
        .DistinctBy(row => (row.Tenant, row.Artifact.Sha256))
        .OrderBy(row => row.Tenant, StringComparer.Ordinal)
        .ThenBy(row => row.Artifact.Sha256, StringComparer.Ordinal)
        .Select(row => (row.Tenant, row.Artifact.Sha256, row.Artifact.Content));
}
