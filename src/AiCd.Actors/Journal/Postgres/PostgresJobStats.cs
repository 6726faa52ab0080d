using AiCd.Actors.Jobs;
using AiCd.Actors.Projections;
using Npgsql;

namespace AiCd.Actors.Journal.Postgres;

/// <summary>Reads the results of the statements that make up the figures of a tenant, in their order.</summary>
internal static class PostgresJobStats
{
    public static async Task<JobStats> ReadAsync(NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        var byState = await ReadCountsAsync(reader, cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        var byHold = await ReadCountsAsync(reader, cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var submitted = reader.GetInt64(0);
        await reader.NextResultAsync(cancellationToken);
        var ended = await ReadCountsAsync(reader, cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return new JobStats(
            ByState(byState),
            byHold,
            submitted,
            ByState(ended),
            [.. Enum.GetValues<Stage>().Select((stage, i) => Duration(reader, stage, 1 + (2 * i)))],
            reader.GetInt64(0));
    }

    private static StageDuration Duration(NpgsqlDataReader reader, Stage stage, int column)
    {
        var percentiles = reader.IsDBNull(column) ? null : reader.GetFieldValue<double?[]>(column);
        return new StageDuration(stage, reader.GetInt64(column + 1), percentiles?[0], percentiles?[1]);
    }

    private static async Task<Dictionary<string, long>> ReadCountsAsync(NpgsqlDataReader reader, CancellationToken cancellationToken) =>
        (await PostgresDatabase.ReadAllAsync(reader, row => KeyValuePair.Create(row.GetString(0), row.GetInt64(1)), cancellationToken)).ToDictionary();

    private static Dictionary<JobState, long> ByState(Dictionary<string, long> counts) =>
        counts.ToDictionary(count => StoredJobState.Parse(count.Key), count => count.Value);
}
