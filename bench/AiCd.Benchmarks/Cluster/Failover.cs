using AiCd.Benchmarks.Cluster.Node;

namespace AiCd.Benchmarks.Cluster;

/// <summary>From <c>kill -9</c> of one of three nodes until all that it was at work on runs elsewhere.</summary>
internal static class Failover
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    /// <summary>Stages that take far longer than a failover, and pools in which nothing waits.</summary>
    public static NodeSettings Slow(NodeSettings settings) => settings with { Concurrency = 5_000, Delay = new(TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(10)) };

    public static async Task<FailoverResult> RunAsync(BenchCluster cluster, int jobs, int kills, CancellationToken cancellationToken)
    {
        using var running = new RunningJobs(cluster.Log);
        await Task.WhenAll(Enumerable.Range(1, jobs).Select(number =>
            cluster.Gateway.SubmitAsync(ClusterJobs.New(new ScriptedJob(number, Script.Plain)), cancellationToken)));
        await running.UntilAsync(current => current.Count == jobs, Patience, cancellationToken);
        var takeovers = new List<Takeover>();
        for (var kill = 0; kill < kills; kill++)
        {
            takeovers.Add(await KillAsync(cluster, running, cancellationToken));
        }

        var bound = (cluster.Settings.Lease + TimeSpan.FromSeconds(2)).TotalSeconds;
        return new FailoverResult(
            jobs, cluster.Settings.Lease.TotalSeconds, bound, takeovers.Max(takeover => takeover.Seconds), takeovers.TrueForAll(takeover => takeover.Seconds <= bound), takeovers);
    }

    private static async Task<Takeover> KillAsync(BenchCluster cluster, RunningJobs running, CancellationToken cancellationToken)
    {
        // Whoever runs most: who submits may not have heard yet of all who share the shards, and what a node gave back others go on with.
        await running.UntilAsync(current => cluster.Nodes.Any(node => AttemptsOf(node, current) > 0), Patience, cancellationToken);
        var node = cluster.Nodes.MaxBy(node => AttemptsOf(node, running.Current))!;
        var incarnation = node.LastIncarnation;
        var victims = running.Current.Where(job => job.Value.Incarnation == incarnation).Select(job => job.Key).ToList();
        var killedAt = TimeProvider.System.GetUtcNow();
        await node.KillAsync(cancellationToken);
        await running.UntilAsync(current => victims.TrueForAll(victim => current[victim].Incarnation != incarnation), Patience, cancellationToken);
        var last = running.Current.Where(job => victims.Contains(job.Key)).Max(job => job.Value.At);
        await node.StartAsync();
        await node.ReadyAsync(cancellationToken);
        await cluster.BalancedAsync(cluster.Nodes.Count, cancellationToken);
        return new Takeover(victims.Count, victims.Count == 0 ? 0 : (last - killedAt).TotalSeconds);
    }

    private static int AttemptsOf(ClusterNode node, Dictionary<string, NodeLine> current) => current.Values.Count(line => line.Incarnation == node.LastIncarnation);

    /// <summary>Where each job's newest attempt runs, as the nodes say.</summary>
    private sealed class RunningJobs : IDisposable
    {
        private readonly Lock _lock = new();
        private readonly ClusterLog _log;
        private readonly Dictionary<string, NodeLine> _current = [];
        private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public RunningJobs(ClusterLog log)
        {
            _log = log;
            _log.Said += OnSaid;
        }

        public Dictionary<string, NodeLine> Current
        {
            get
            {
                lock (_lock)
                {
                    return new(_current);
                }
            }
        }

        public async Task UntilAsync(Func<Dictionary<string, NodeLine>, bool> holds, TimeSpan patience, CancellationToken cancellationToken)
        {
            using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            deadline.CancelAfter(patience);
            while (true)
            {
                Task changed;
                lock (_lock)
                {
                    changed = _changed.Task;
                    if (holds(_current))
                    {
                        return;
                    }
                }

                await changed.WaitAsync(deadline.Token);
            }
        }

        public void Dispose() => _log.Said -= OnSaid;

        private void OnSaid(NodeLine line)
        {
            if (line.Kind == NodeLineKinds.Started)
            {
                lock (_lock)
                {
                    _current[line.Job!] = line;
                    _changed.SetResult();
                    _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
                }
            }
        }
    }
}

/// <param name="WorstSeconds">From the kill until the last of the node's attempts ran elsewhere, in the slowest takeover.</param>
internal sealed record FailoverResult(
    int Jobs, double LeaseSeconds, double BoundSeconds, double WorstSeconds, bool WithinBound, IReadOnlyList<Takeover> Takeovers);

/// <param name="Attempts">That the killed node was at work on.</param>
internal sealed record Takeover(int Attempts, double Seconds);
