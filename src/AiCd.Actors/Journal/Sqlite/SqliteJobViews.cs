using System.Text.Json;
using AiCd.Actors.Jobs;
using AiCd.Actors.Projections;

namespace AiCd.Actors.Journal.Sqlite;

internal sealed class SqliteJobViews(SqliteDatabase database) : IJobViews
{
    public Task<IReadOnlyList<int>> ProjectAsync(IReadOnlyList<ShardProjection> projections, CancellationToken cancellationToken) =>
        database.WriteAsync<IReadOnlyList<int>>(Durability.Rebuildable, session => Project(session, projections), cancellationToken);

    public Task<IReadOnlyDictionary<int, long>> ReadCursorsAsync(IReadOnlyCollection<int> shards, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyDictionary<int, long>>(
            session =>
            {
                var cursors = shards.Distinct().ToDictionary(shard => shard, _ => 0L);
                var statement = session.Prepare("select shard, position from projection_cursors where shard in (select value from json_each(?))")
                    .Bind(1, JsonSerializer.Serialize(shards));
                while (statement.Step())
                {
                    cursors[statement.Int32(0)] = statement.Int64(1);
                }

                return cursors;
            },
            cancellationToken);

    public Task<JobView?> FindAsync(string tenant, JobId job, CancellationToken cancellationToken) =>
        database.ReadAsync(
            session =>
            {
                var statement = session.Prepare($"select {SqliteJobRow.Columns} from jobs where tenant = ? and id = ?").Bind(1, tenant).Bind(2, job.Value);
                var view = statement.Step() ? SqliteJobRow.Read(statement) : null;
                statement.Reset();
                return view;
            },
            cancellationToken);

    public Task<IReadOnlyList<JobView>> ListAsync(string tenant, JobState? state, JobId? before, int limit, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<JobView>>(session => List(session, tenant, state, before, limit), cancellationToken);

    public Task<IReadOnlyDictionary<JobState, long>> CountAsync(string tenant, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyDictionary<JobState, long>>(
            session =>
            {
                var counts = new Dictionary<JobState, long>();
                var statement = session.Prepare("select state, count(*) from jobs where tenant = ? group by state").Bind(1, tenant);
                while (statement.Step())
                {
                    counts.Add(StoredJobState.Parse(statement.Text(0)), statement.Int64(1));
                }

                return counts;
            },
            cancellationToken);

    private static List<int> Project(SqliteSession session, IReadOnlyList<ShardProjection> projections)
    {
        var stale = new List<int>();
        var move = session.Prepare("update projection_cursors set position = ?1 where shard = ?2 and position = ?3");
        foreach (var projection in projections)
        {
            if (move.Bind(1, projection.To).Bind(2, projection.Shard).Bind(3, projection.From).Run() == 0)
            {
                stale.Add(projection.Shard);
                continue;
            }

            foreach (var job in projection.Jobs)
            {
                SqliteJobRow.Write(session, job, projection.IsFoundAnew(job));
            }
        }

        session.Commit();
        return stale;
    }

    private static List<JobView> List(SqliteSession session, string tenant, JobState? state, JobId? before, int limit)
    {
        // Two texts, so that each has an index to run along. A tilde sorts after every character of an id.
        var statement = state is { } wanted
            ? session.Prepare($"select {SqliteJobRow.Columns} from jobs where tenant = ?1 and id < ?2 and state = ?4 order by id desc limit ?3").Bind(4, WireNames.Of(wanted))
            : session.Prepare($"select {SqliteJobRow.Columns} from jobs where tenant = ?1 and id < ?2 order by id desc limit ?3");
        statement.Bind(1, tenant).Bind(2, before?.Value ?? "~").Bind(3, limit);
        var found = new List<JobView>();
        while (statement.Step())
        {
            found.Add(SqliteJobRow.Read(statement));
        }

        return found;
    }
}
