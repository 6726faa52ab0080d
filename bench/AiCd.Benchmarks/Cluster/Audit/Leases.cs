using Npgsql;

namespace AiCd.Benchmarks.Cluster.Audit;

/// <summary>When each incarnation ceased to live, by the database's own record.</summary>
internal sealed class Leases(IReadOnlyDictionary<string, DateTimeOffset> ends)
{
    /// <returns>When the lease ran out or was given back; null for an incarnation that was never seen.</returns>
    public DateTimeOffset? EndOf(string incarnation) => ends.TryGetValue(incarnation, out var end) ? end : null;

    public static async Task<Leases> ReadAsync(NpgsqlDataSource source, CancellationToken cancellationToken)
    {
        // A lease ends when it is given back, or with the last time to which it was extended: whichever comes first.
        await using var command = source.CreateCommand("""
            select incarnation, least(max(expires_at), min(at) filter (where expires_at is null)) from lease_log group by incarnation
            """);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var ends = new Dictionary<string, DateTimeOffset>();
        while (await reader.ReadAsync(cancellationToken))
        {
            ends[reader.GetString(0)] = reader.GetFieldValue<DateTimeOffset>(1);
        }

        return new Leases(ends);
    }
}
