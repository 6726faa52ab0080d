using Npgsql;
using static AiCd.Actors.Journal.Postgres.Sql;

namespace AiCd.Actors.Journal.Postgres;

/// <summary>Every comparison of times is made by the database and by its clock.</summary>
internal sealed class PostgresNodes(PostgresDatabase database, TimeProvider time) : INodes
{
    public async Task<NodeLease> JoinAsync(string name, bool takesShards, TimeSpan lease, CancellationToken cancellationToken)
    {
        var incarnation = Incarnations.New(time.GetUtcNow());
        await database.RunAsync(
            cancellationToken,
            Statement(
                "insert into nodes (incarnation, name, takes_shards, started_at, expires_at) values ($1, $2, $3, clock_timestamp(), clock_timestamp() + $4)",
                Value(incarnation),
                Value(name),
                Value(takesShards),
                Value(lease)));
        return new NodeLease(incarnation, name);
    }

    public async Task<bool> RenewAsync(string incarnation, TimeSpan lease, CancellationToken cancellationToken)
    {
        var renewed = await database.QueryAsync(
            reader => reader.GetBoolean(0),
            cancellationToken,
            Statement(
                "update nodes set expires_at = clock_timestamp() + $2 where incarnation = $1 and expires_at > clock_timestamp() returning true",
                Value(incarnation),
                Value(lease)));
        return renewed.Count > 0;
    }

    public Task LeaveAsync(string incarnation, CancellationToken cancellationToken) => database.RunAsync(
        cancellationToken,
        GiveUpAll(incarnation),
        Statement("delete from nodes where incarnation = $1", Value(incarnation)));

    public Task RetireAsync(string incarnation, CancellationToken cancellationToken) => database.RunAsync(
        cancellationToken,
        GiveUpAll(incarnation),
        Statement("update nodes set takes_shards = false where incarnation = $1", Value(incarnation)));

    public async Task<bool> DrainAsync(string name, bool drained, CancellationToken cancellationToken)
    {
        var changed = await database.QueryAsync(
            reader => reader.GetString(0),
            cancellationToken,
            Statement(
                drained
                    ? "insert into drained_nodes (name, since) values ($1, clock_timestamp()) on conflict do nothing returning name"
                    : "delete from drained_nodes where name = $1 returning name",
                Value(name)));
        return changed.Count > 0;
    }

    public Task<ClusterView> ReadAsync(CancellationToken cancellationToken) => database.RunAsync(
        static async (reader, token) =>
        {
            var nodes = await PostgresDatabase.ReadAllAsync(reader, MapNode, token);
            await reader.NextResultAsync(token);
            return new ClusterView(nodes, await PostgresDatabase.ReadAllAsync(reader, MapShard, token));
        },
        cancellationToken,
        Statement(
            "select incarnation, name, takes_shards, started_at, expires_at - clock_timestamp(), "
            + "exists (select from drained_nodes where drained_nodes.name = nodes.name) from nodes order by started_at, incarnation"),
        Statement("select shard, owner, epoch, head from shards order by shard"));

    public async Task<IReadOnlyList<OwnedShard>> AcquireAsync(string incarnation, IReadOnlyCollection<int> shards, CancellationToken cancellationToken)
    {
        // Three statements, because each sees the world as it is after the locks of the one before. To delete a node is to declare
        // it dead for good: the delete waits for a renewal that is under way, and a renewal that comes later finds nothing.
        return await database.RunAsync(
            ReadOwnedAsync,
            cancellationToken,
            LockShards(shards),
            Statement("delete from nodes where expires_at <= clock_timestamp()"),
            Statement(
                "update shards set owner = $1, epoch = epoch + 1 where shard = any ($2) "
                + "and (owner is null or owner = $1 or not exists (select from nodes where nodes.incarnation = shards.owner)) "
                + "and exists (select from nodes where nodes.incarnation = $1) returning shard, epoch, head",
                Value(incarnation),
                Value(shards.ToArray())));
    }

    public Task ReleaseAsync(string incarnation, IReadOnlyCollection<int> shards, CancellationToken cancellationToken) => database.RunAsync(
        cancellationToken,
        LockShards(shards),
        Statement("update shards set owner = null where shard = any ($2) and owner = $1", Value(incarnation), Value(shards.ToArray())));

    /// <summary>In order, as everybody locks them. Its result is a row that nobody needs.</summary>
    public static NpgsqlBatchCommand LockShards(IReadOnlyCollection<int> shards) => Statement(
        "select count(*) from (select from shards where shard = any ($1) order by shard for update) as locked", Value(shards.ToArray()));

    /// <summary>What a statement returns that comes after <see cref="LockShards"/>.</summary>
    public static async Task<IReadOnlyList<OwnedShard>> ReadOwnedAsync(NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        await reader.NextResultAsync(cancellationToken);
        var owned = await PostgresDatabase.ReadAllAsync(
            reader, static row => new OwnedShard(row.GetInt32(0), row.GetInt64(1), row.GetInt64(2)), cancellationToken);
        owned.Sort(static (left, right) => left.Shard.CompareTo(right.Shard));
        return owned;
    }

    private static NpgsqlBatchCommand GiveUpAll(string incarnation) => Statement(
        "update shards set owner = null where shard in (select shard from shards where owner = $1 order by shard for update) and owner = $1",
        Value(incarnation));

    private static NodeView MapNode(NpgsqlDataReader reader) =>
        new(reader.GetString(0), reader.GetString(1), reader.GetBoolean(2), reader.GetFieldValue<DateTimeOffset>(3), reader.GetTimeSpan(4)) { Drained = reader.GetBoolean(5) };

    private static ShardView MapShard(NpgsqlDataReader reader) =>
        new(reader.GetInt32(0), reader.IsDBNull(1) ? null : reader.GetString(1), reader.GetInt64(2), reader.GetInt64(3));
}
