using AiCd.Actors.Journal.Postgres;
using AiCd.Actors.Runtime;
using AiCd.Actors.Stages;
using AiCd.Benchmarks.Cluster.Audit;
using AiCd.Benchmarks.Cluster.Node;
using Microsoft.Extensions.Logging.Abstractions;

namespace AiCd.Benchmarks.Cluster;

/// <summary>Node processes on one database, and a gateway of this process that drives no jobs itself.</summary>
internal sealed class BenchCluster : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly PostgresStore _store;
    private readonly EngineNode _web;

    private BenchCluster(PostgresStore store, EngineNode web, ClusterLog log, IReadOnlyList<ClusterNode> nodes, NodeSettings settings)
    {
        _store = store;
        _web = web;
        Log = log;
        Nodes = nodes;
        Settings = settings;
    }

    public ClusterLog Log { get; }

    public IReadOnlyList<ClusterNode> Nodes { get; }

    public NodeSettings Settings { get; }

    public PostgresStore Store => _store;

    public IJobGateway Gateway => _web;

    /// <summary>Returns when all nodes have joined and hold their shards.</summary>
    public static async Task<BenchCluster> StartAsync(string connectionString, int nodes, NodeSettings settings, CancellationToken cancellationToken)
    {
        var store = await PostgresStore.OpenAsync(connectionString, cancellationToken: cancellationToken);
        await ClusterTables.CreateAsync(store.DataSource, cancellationToken);
        var options = new EngineOptions
        {
            NodeName = "driver",
            Role = "web",
            Lease = settings.Lease,
            Renewal = settings.Renewal,
            EffectTimeout = settings.EffectTimeout,
        };
        var web = await EngineNode.StartAsync(
            store, new NoWork(), options, recover: true, TimeProvider.System, NullLogger<EngineNode>.Instance, cancellationToken);
        var log = new ClusterLog();
        var started = Enumerable.Range(1, nodes).Select(number => new ClusterNode($"node-{number}", settings, connectionString, log)).ToList();
        var cluster = new BenchCluster(store, web, log, started, settings);
        try
        {
            await Task.WhenAll(started.Select(node => node.StartAsync()));
            await Task.WhenAll(started.Select(node => node.ReadyAsync(cancellationToken)));
            await cluster.BalancedAsync(nodes, cancellationToken);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits until so many nodes hold all shards in fair shares.</summary>
    public Task BalancedAsync(int nodes, CancellationToken cancellationToken) => UntilAsync(
        async () =>
        {
            var view = await _store.Nodes.ReadAsync(cancellationToken);
            var shares = view.Shards.GroupBy(shard => shard.Owner).ToDictionary(group => group.Key ?? "", group => group.Count());
            var share = (view.Shards.Count + nodes - 1) / nodes;
            return !shares.ContainsKey("") && shares.Count == nodes && shares.Values.Max() <= share;
        },
        $"{nodes} nodes hold all shards",
        cancellationToken);

    /// <summary>Waits until no job is active, no command waits, and the read model has seen it all.</summary>
    public Task DrainedAsync(CancellationToken cancellationToken) => UntilAsync(
        async () =>
        {
            await using var command = _store.DataSource.CreateCommand("""
                select not exists (select from active_jobs)
                    and not exists (select from commands where handled_at is null)
                    and not exists (select from shards join projection_cursors using (shard) where head <> position)
                """);
            return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
        },
        "all jobs have ended and are in the read model",
        cancellationToken);

    public Task<AuditReport> AuditAsync(CancellationToken cancellationToken) => ClusterAudit.RunAsync(_store, Log, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        foreach (var node in Nodes)
        {
            await node.DisposeAsync();
        }

        await _web.DisposeAsync();
        await _store.DisposeAsync();
    }

    private async Task UntilAsync(Func<Task<bool>> holds, string what, CancellationToken cancellationToken)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!await holds())
        {
            if (TimeProvider.System.GetElapsedTime(started) > Patience)
            {
                throw new TimeoutException($"It did not come to this within {Patience}: {what}. The nodes' last lines:\n{Log.Tail(60)}");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), cancellationToken);
        }
    }

    private sealed class NoWork : IStageWork
    {
        public Task<StageOutcome> RunAsync(StageRun run, CancellationToken cancellationToken) =>
            throw new InvalidOperationException("A node of role web was given work");
    }
}
