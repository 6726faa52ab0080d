namespace AiCd.Actors.Journal.Sqlite;

/// <summary>
/// The folder's lock makes this process the only node: whoever joins takes the place of the incarnation before, and a lease is
/// judged by this process's monotonic clock, so that it does not run out because the machine slept or its time of day was set.
/// </summary>
internal sealed class SqliteNodes(SqliteDatabase database, TimeProvider time) : INodes
{
    private readonly SqliteLease _lease = new(time);

    public Task<NodeLease> JoinAsync(string name, bool takesShards, TimeSpan lease, CancellationToken cancellationToken) =>
        database.WriteAsync(
            Durability.Full,
            session =>
            {
                var now = time.GetUtcNow();
                var incarnation = Incarnations.New(now);
                session.Execute("delete from nodes; update shards set owner = null");
                session.Prepare("insert into nodes (incarnation, name, started_at, expires_at) values (?, ?, ?, ?)")
                    .Bind(1, incarnation)
                    .Bind(2, name)
                    .Bind(3, now.ToUnixTimeMilliseconds())
                    .Bind(4, (now + lease).ToUnixTimeMilliseconds())
                    .Run();
                session.Commit();
                _lease.Begin(incarnation, lease);
                return new NodeLease(incarnation, name);
            },
            cancellationToken);

    public Task<bool> RenewAsync(string incarnation, TimeSpan lease, CancellationToken cancellationToken) =>
        database.WriteAsync(
            Durability.Rebuildable,
            session =>
            {
                if (!_lease.TryExtend(incarnation, lease))
                {
                    return false;
                }

                session.Prepare("update nodes set expires_at = ? where incarnation = ?")
                    .Bind(1, (time.GetUtcNow() + lease).ToUnixTimeMilliseconds()).Bind(2, incarnation).Run();
                session.Commit();
                return true;
            },
            cancellationToken);

    /// <summary>There is nobody who would take its share.</summary>
    public Task LeaveAsync(string incarnation, CancellationToken cancellationToken) =>
        database.WriteAsync(
            Durability.Full,
            session =>
            {
                session.Prepare("delete from nodes where incarnation = ?").Bind(1, incarnation).Run();
                session.Prepare("update shards set owner = null where owner = ?").Bind(1, incarnation).Run();
                session.Commit();
                _lease.End(incarnation);
                return true;
            },
            cancellationToken);

    public Task<ClusterView> ReadAsync(CancellationToken cancellationToken) =>
        database.ReadAsync(session => new ClusterView(ReadNodes(session), ReadShards(session)), cancellationToken);

    public Task<IReadOnlyList<OwnedShard>> AcquireAsync(string incarnation, IReadOnlyCollection<int> shards, CancellationToken cancellationToken) =>
        database.WriteAsync<IReadOnlyList<OwnedShard>>(
            Durability.Full,
            session =>
            {
                var taken = new List<OwnedShard>();
                var take = session.Prepare("update shards set owner = ?1, epoch = epoch + 1 where shard = ?2 and (owner is null or owner = ?1) returning epoch, head");
                foreach (var shard in shards.Distinct().Order().Where(_ => _lease.IsAlive(incarnation)))
                {
                    take.Bind(1, incarnation).Bind(2, shard);
                    while (take.Step())
                    {
                        taken.Add(new OwnedShard(shard, take.Int64(0), take.Int64(1)));
                    }
                }

                session.Commit();
                return taken;
            },
            cancellationToken);

    public Task ReleaseAsync(string incarnation, IReadOnlyCollection<int> shards, CancellationToken cancellationToken) =>
        database.WriteAsync(
            Durability.Full,
            session =>
            {
                var release = session.Prepare("update shards set owner = null where shard = ? and owner = ?");
                foreach (var shard in shards)
                {
                    release.Bind(1, shard).Bind(2, incarnation).Run();
                }

                session.Commit();
                return true;
            },
            cancellationToken);

    public Task RetireAsync(string incarnation, CancellationToken cancellationToken) =>
        database.WriteAsync(
            Durability.Full,
            session =>
            {
                session.Prepare("update shards set owner = null where owner = ?").Bind(1, incarnation).Run();
                session.Commit();
                return true;
            },
            cancellationToken);

    public Task<bool> DrainAsync(string name, bool drained, CancellationToken cancellationToken) =>
        throw new NotSupportedException("The store has one node, and nobody who would take its shards");

    private List<NodeView> ReadNodes(SqliteSession session)
    {
        var nodes = new List<NodeView>();
        var statement = session.Prepare("select incarnation, name, started_at, expires_at from nodes");
        while (statement.Step())
        {
            var incarnation = statement.Text(0);
            var expiresAt = DateTimeOffset.FromUnixTimeMilliseconds(statement.Int64(3));
            var remaining = _lease.Remaining(incarnation) ?? expiresAt - time.GetUtcNow();
            nodes.Add(new NodeView(incarnation, statement.Text(1), TakesShards: true, DateTimeOffset.FromUnixTimeMilliseconds(statement.Int64(2)), remaining));
        }

        return nodes;
    }

    private static List<ShardView> ReadShards(SqliteSession session)
    {
        var shards = new List<ShardView>();
        var statement = session.Prepare("select shard, owner, epoch, head from shards order by shard");
        while (statement.Step())
        {
            shards.Add(new ShardView(statement.Int32(0), statement.TextOrNull(1), statement.Int64(2), statement.Int64(3)));
        }

        return shards;
    }
}
