using AiCd.Testing;

namespace AiCd.Benchmarks.Cluster.Chaos;

/// <summary>
/// Kills, stops and pauses nodes at random and starts them again, and restarts the database under them. The seed fixes what is done and in
/// which order; what it meets is up to the machine.
/// </summary>
internal sealed class ChaosMonkey(BenchCluster cluster, PostgresCluster server, int seed)
{
    private const int ExitWithoutStore = 3;

    /// <summary>By SIGTERM, before the process had begun to listen for it.</summary>
    private const int Terminated = 143;

    private readonly Random _random = new(seed);
    private readonly HashSet<ClusterNode> _busy = [];
    private readonly Lock _lock = new();
    private readonly List<Task> _deeds = [];

    public ChaosCounts Counts { get; } = new();

    /// <summary>What no node may do by itself.</summary>
    public List<string> Violations { get; } = [];

    public async Task RunAsync(TimeSpan duration, CancellationToken cancellationToken)
    {
        var outages = Task.Run(() => OutagesAsync(duration, cancellationToken), cancellationToken);
        var started = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(started) < duration)
        {
            await Task.Delay(_random.Next(300, 1_500), cancellationToken);
            var victim = cluster.Nodes[_random.Next(cluster.Nodes.Count)];
            var (deed, pause) = (_random.Next(100), _random.NextDouble());
            if (TryTake(victim))
            {
                _deeds.Add(Task.Run(() => DoAsync(victim, deed, pause, cancellationToken), cancellationToken));
            }
        }

        await outages;
        await Task.WhenAll(_deeds);
        foreach (var node in cluster.Nodes)
        {
            await ReviveAsync(node);
        }
    }

    private async Task DoAsync(ClusterNode node, int deed, double pause, CancellationToken cancellationToken)
    {
        if (!node.IsRunning)
        {
            await ReviveAsync(node);
        }
        else if (deed < 40)
        {
            Counts.Kills++;
            await node.KillAsync(cancellationToken);
            await Task.Delay(TimeSpan.FromSeconds(3) * pause, cancellationToken);
            await node.StartAsync();
        }
        else if (deed < 65)
        {
            Counts.Stops++;
            var listens = node.IsReady;
            var exit = await node.StopAsync(cancellationToken);
            CheckExit(node, exit == Terminated && !listens ? 0 : exit);
            await Task.Delay(TimeSpan.FromSeconds(1) * pause, cancellationToken);
            await node.StartAsync();
        }
        else
        {
            Counts.Pauses++;
            await node.PauseAsync(cancellationToken);
            await Task.Delay(cluster.Settings.Lease * (0.5 + (1.5 * pause)), cancellationToken);
            await node.ContinueAsync(cancellationToken);
        }

        lock (_lock)
        {
            _busy.Remove(node);
        }
    }

    /// <summary>At least one restart and one kill of the database; one outage every forty seconds in longer runs.</summary>
    private async Task OutagesAsync(TimeSpan duration, CancellationToken cancellationToken)
    {
        var outages = Math.Max(2, (int)(duration.TotalSeconds / 40));
        for (var number = 0; number < outages; number++)
        {
            await Task.Delay(duration / (outages + 1), cancellationToken);
            if (number % 2 == 0)
            {
                Counts.DatabaseRestarts++;
                await server.RestartAsync(cancellationToken);
            }
            else
            {
                Counts.DatabaseKills++;
                await server.KillAsync(cancellationToken);
                await server.StartAsync(cancellationToken);
            }
        }
    }

    /// <summary>As an operator's supervisor would: a node that ended because the store was away is started again.</summary>
    private async Task ReviveAsync(ClusterNode node)
    {
        if (node.ExitCode is { } exit)
        {
            Counts.Revivals++;
            CheckExit(node, exit);
            await node.StartAsync();
        }

        lock (_lock)
        {
            _busy.Remove(node);
        }
    }

    private void CheckExit(ClusterNode node, int exit)
    {
        if (exit is not (0 or ExitWithoutStore))
        {
            lock (_lock)
            {
                Violations.Add($"{node.Name} ended with exit code {exit}: {node.LastErrors}");
            }
        }
    }

    private bool TryTake(ClusterNode node)
    {
        lock (_lock)
        {
            return _busy.Add(node);
        }
    }
}

/// <summary>What was done to the cluster.</summary>
internal sealed class ChaosCounts
{
    public int Kills { get; set; }

    public int Stops { get; set; }

    public int Pauses { get; set; }

    /// <summary>Nodes that ended because the store was away, and were started again.</summary>
    public int Revivals { get; set; }

    public int DatabaseRestarts { get; set; }

    public int DatabaseKills { get; set; }
}
