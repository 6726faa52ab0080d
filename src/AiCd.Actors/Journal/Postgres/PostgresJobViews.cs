using System.Collections.Concurrent;
using AiCd.Actors.Jobs;
using AiCd.Actors.Projections;
using Npgsql;
using static AiCd.Actors.Journal.Postgres.Sql;

namespace AiCd.Actors.Journal.Postgres;

internal sealed class PostgresJobViews(PostgresDatabase database) : IJobViews
{
    // Sorts after every character of an id.
    private const string AfterAllIds = "~";

    private readonly ConcurrentBag<ProjectCommand> _idle = [];

    public async Task<IReadOnlyList<int>> ProjectAsync(IReadOnlyList<ShardProjection> projections, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var project = _idle.TryTake(out var idle) ? idle : new ProjectCommand();
        project.Fill(projections);
        project.Command.Connection = connection;
        try
        {
            return (int[])(await project.Command.ExecuteScalarAsync(cancellationToken))!;
        }
        catch (NpgsqlException error)
        {
            throw PostgresErrors.Translate(error);
        }
        finally
        {
            project.Clear();
            project.Command.Connection = null;
            _idle.Add(project);
        }
    }

    public async Task<IReadOnlyDictionary<int, long>> ReadCursorsAsync(IReadOnlyCollection<int> shards, CancellationToken cancellationToken)
    {
        var cursors = await database.QueryAsync(
            reader => (Shard: reader.GetInt32(0), Position: reader.GetInt64(1)),
            cancellationToken,
            Statement("select shard, position from projection_cursors where shard = any ($1)", Value(shards.ToArray())));
        var found = shards.Distinct().ToDictionary(shard => shard, _ => 0L);
        cursors.ForEach(cursor => found[cursor.Shard] = cursor.Position);
        return found;
    }

    public async Task<JobView?> FindAsync(string tenant, JobId job, CancellationToken cancellationToken)
    {
        var found = await database.QueryAsync(
            PostgresJobRow.Read, cancellationToken, Statement($"select {PostgresJobRow.Columns} from jobs where tenant = $1 and id = $2", Value(tenant), Value(job.Value)));
        return found.Count > 0 ? found[0] : null;
    }

    public async Task<IReadOnlyList<JobView>> ListAsync(string tenant, JobState? state, JobId? before, int limit, CancellationToken cancellationToken)
    {
        // Two texts, so that each has an index to run along.
        var last = Value(before?.Value ?? AfterAllIds);
        var statement = state is { } wanted
            ? Statement(
                $"select {PostgresJobRow.Columns} from jobs where tenant = $1 and id < $2 and state = $4 order by id desc limit $3",
                Value(tenant),
                last,
                Value(limit),
                Value(WireNames.Of(wanted)))
            : Statement($"select {PostgresJobRow.Columns} from jobs where tenant = $1 and id < $2 order by id desc limit $3", Value(tenant), last, Value(limit));
        return await database.QueryAsync(PostgresJobRow.Read, cancellationToken, statement);
    }

    public async Task<IReadOnlyDictionary<JobState, long>> CountAsync(string tenant, CancellationToken cancellationToken)
    {
        var counts = await database.QueryAsync(
            reader => (State: StoredJobState.Parse(reader.GetString(0)), Count: reader.GetInt64(1)),
            cancellationToken,
            Statement("select state, count(*) from jobs where tenant = $1 group by state", Value(tenant)));
        return counts.ToDictionary(count => count.State, count => count.Count);
    }
}
