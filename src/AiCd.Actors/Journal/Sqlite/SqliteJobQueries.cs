using AiCd.Actors.Jobs;
using AiCd.Actors.Projections;

namespace AiCd.Actors.Journal.Sqlite;

internal sealed class SqliteJobQueries(SqliteDatabase database) : IJobQueries
{
    private const string Columns = "shard, shard_seq, job_id, seq_nr, tenant, event, payload, recorded_at";

    public Task<IReadOnlyList<JobView>> ListAsync(string tenant, JobListQuery query, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<JobView>>(session => List(session, tenant, query), cancellationToken);

    public Task<long> CountAsync(string tenant, JobFilter filter, int limit, CancellationToken cancellationToken) =>
        database.ReadAsync(
            session =>
            {
                var conditions = new SqliteJobConditions(tenant, filter);
                var statement = conditions.Prepare(session, $"select count(*) from (select 1 from jobs where {conditions.Text} limit {limit})");
                var count = statement.Step() ? statement.Int64(0) : 0;
                statement.Reset();
                return count;
            },
            cancellationToken);

    public Task<JobView?> FindAsync(string tenant, JobId job, CancellationToken cancellationToken) =>
        new SqliteJobViews(database).FindAsync(tenant, job, cancellationToken);

    public Task<JobStats> StatsAsync(string tenant, DateTimeOffset since, CancellationToken cancellationToken) =>
        database.ReadAsync(session => Stats(session, tenant, since), cancellationToken);

    public Task<long> CostAsync(string tenant, DateTimeOffset since, CancellationToken cancellationToken) => database.ReadAsync(
        session =>
        {
            var statement = session.Prepare("select coalesce(sum(cost_micros), 0) from jobs where tenant = ?1 and ended_at >= ?2")
                .Bind(1, tenant).Bind(2, since.ToUnixTimeMilliseconds());
            var sum = statement.Step() ? statement.Int64(0) : 0;
            statement.Reset();
            return sum;
        },
        cancellationToken);

    public Task<IReadOnlyList<JournalRow>> EventsAsync(string tenant, JobId job, int afterSeq, int limit, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<JournalRow>>(
            session => Rows(session.Prepare(
                    $"select {Columns} from journal where job_id = ?1 and tenant = ?2 and seq_nr > ?3 order by seq_nr limit ?4")
                .Bind(1, job.Value).Bind(2, tenant).Bind(3, afterSeq).Bind(4, limit)),
            cancellationToken);

    public Task<byte[]?> FindArtifactAsync(string tenant, string sha256, CancellationToken cancellationToken) =>
        database.ReadAsync(
            session =>
            {
                var statement = session.Prepare("select content from artifacts where tenant = ? and sha256 = ?").Bind(1, tenant).Bind(2, sha256);
                var content = statement.Step() ? statement.Utf8(0).ToArray() : null;
                statement.Reset();
                return content;
            },
            cancellationToken);

    public Task<IReadOnlyList<JournalRow>> TailAsync(IReadOnlyDictionary<int, long> after, int limitPerShard, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<JournalRow>>(
            session =>
            {
                // Heads first: most shards took nothing in, and one statement tells which.
                var moved = new List<(int Shard, long After)>();
                var heads = session.Prepare("select shard, head from shards order by shard");
                while (heads.Step())
                {
                    if (after.TryGetValue(heads.Int32(0), out var position) && heads.Int64(1) > position)
                    {
                        moved.Add((heads.Int32(0), position));
                    }
                }

                var rows = new List<JournalRow>();
                foreach (var (shard, position) in moved)
                {
                    rows.AddRange(Rows(session.Prepare($"select {Columns} from journal where shard = ?1 and shard_seq > ?2 order by shard_seq limit ?3")
                        .Bind(1, shard).Bind(2, position).Bind(3, limitPerShard)));
                }

                return rows;
            },
            cancellationToken);

    private static List<JobView> List(SqliteSession session, string tenant, JobListQuery query)
    {
        var conditions = new SqliteJobConditions(tenant, query.Filter);
        var (key, falls) = query.Sort switch
        {
            JobSort.Newest => ("id", true),
            JobSort.Oldest => ("id", false),
            JobSort.LastEnded => ("ended_at", true),
            JobSort.HighestPriority => ("priority", true),
            JobSort.LowestPriority => ("priority", false),
            _ => ("coalesce(ended_at, updated_at)", query.Sort == JobSort.LastMoved),
        };
        if (query.Sort == JobSort.LastEnded)
        {
            conditions.Add("ended_at is not null");
        }

        if (query.After is { } after)
        {
            var follows = falls ? "<" : ">";
            conditions.Add(key == "id"
                ? $"id {follows} {conditions.Value(after.Job.Value)}"
                : $"({key}, id) {follows} ({conditions.Value(after.Priority ?? after.At?.ToUnixTimeMilliseconds() ?? 0)}, {conditions.Value(after.Job.Value)})");
        }

        var direction = falls ? " desc" : "";
        var order = key == "id" ? "id" + direction : $"{key}{direction}, id{direction}";
        var limit = conditions.Value((long)query.Limit);
        var statement = conditions.Prepare(session, $"select {SqliteJobRow.Columns} from jobs where {conditions.Text} order by {order} limit {limit}");
        var found = new List<JobView>();
        while (statement.Step())
        {
            found.Add(SqliteJobRow.Read(statement));
        }

        return found;
    }

    private static JobStats Stats(SqliteSession session, string tenant, DateTimeOffset since)
    {
        var byState = Counts(session.Prepare("select state, count(*) from jobs where tenant = ? group by state").Bind(1, tenant));
        var byHold = Counts(session.Prepare("select hold, count(*) from jobs where tenant = ? and hold is not null group by hold").Bind(1, tenant));
        var submitted = session.Prepare("select count(*) from jobs where tenant = ?1 and id >= ?2").Bind(1, tenant).Bind(2, JobIdRange.Of(since, null).From);
        var submittedSince = submitted.Step() ? submitted.Int64(0) : 0;
        submitted.Reset();
        var ended = session.Prepare(
                "select state, planning_ms, coding_ms, reviewing_ms, pr_open_ms, cost_micros from jobs where tenant = ?1 and ended_at >= ?2")
            .Bind(1, tenant).Bind(2, since.ToUnixTimeMilliseconds());
        var (times, endedByState, cost) = (new List<StageTimes>(), new Dictionary<JobState, long>(), 0L);
        while (ended.Step())
        {
            var state = StoredJobState.Parse(ended.Text(0));
            endedByState[state] = endedByState.GetValueOrDefault(state) + 1;
            times.Add(new StageTimes(ended.Int64(1), ended.Int64(2), ended.Int64(3), ended.Int64(4)));
            cost += ended.Int64(5);
        }

        return new JobStats(
            byState.ToDictionary(count => StoredJobState.Parse(count.Key), count => count.Value), byHold, submittedSince, endedByState, Percentiles.Of(times), cost);
    }

    private static Dictionary<string, long> Counts(SqliteStatement statement)
    {
        var counts = new Dictionary<string, long>();
        while (statement.Step())
        {
            counts.Add(statement.Text(0), statement.Int64(1));
        }

        return counts;
    }

    private static List<JournalRow> Rows(SqliteStatement statement)
    {
        var rows = new List<JournalRow>();
        while (statement.Step())
        {
            rows.Add(new JournalRow(
                statement.Int32(0),
                statement.Int64(1),
                JobId.Parse(statement.Text(2)),
                statement.Int32(3),
                statement.Text(4),
                statement.Text(5),
                statement.Utf8(6).ToArray(),
                DateTimeOffset.FromUnixTimeMilliseconds(statement.Int64(7))));
        }

        return rows;
    }
}
