using System.Collections.Concurrent;
using AiCd.Actors.Jobs;
using AiCd.Actors.Journal;
using AiCd.Actors.Runtime;

namespace AiCd.Benchmarks.Cluster;

/// <summary>
/// A client that gives up nothing: every submission is tried under its key, on a random node or through the gateway, until it is
/// acknowledged; jobs whose script says so are cancelled while they are under way.
/// </summary>
internal sealed class SubmissionDriver : IDisposable
{
    private static readonly TimeSpan NodePatience = TimeSpan.FromSeconds(4);

    private readonly BenchCluster _cluster;
    private readonly int _seed;
    private readonly ConcurrentDictionary<int, TaskCompletionSource<string>> _acknowledged = new();
    private int _retries;

    public SubmissionDriver(BenchCluster cluster, int seed)
    {
        _cluster = cluster;
        _seed = seed;
        _cluster.Log.Said += OnSaid;
    }

    /// <summary>Submissions and cancellations that were not answered and tried again.</summary>
    public int Retries => _retries;

    /// <summary>Submits the jobs evenly over the time; completes when all were acknowledged.</summary>
    public async Task RunAsync(int jobs, TimeSpan over, CancellationToken cancellationToken)
    {
        var started = TimeProvider.System.GetTimestamp();
        var driving = new List<Task>(jobs);
        for (var number = 1; number <= jobs; number++)
        {
            var due = (over * number / jobs) - TimeProvider.System.GetElapsedTime(started);
            if (due > TimeSpan.Zero)
            {
                await Task.Delay(due, cancellationToken);
            }

            driving.Add(DriveAsync(ScriptedJob.Of(number), cancellationToken));
        }

        await Task.WhenAll(driving);
    }

    public void Dispose() => _cluster.Log.Said -= OnSaid;

    private async Task DriveAsync(ScriptedJob job, CancellationToken cancellationToken)
    {
        var random = new Random(_seed + job.Number);
        var acknowledged = _acknowledged.GetOrAdd(job.Number, _ => new(TaskCreationOptions.RunContinuationsAsynchronously));
        while (!acknowledged.Task.IsCompleted)
        {
            await (random.Next(2) == 0 ? ByNodeAsync(job, random, acknowledged.Task, cancellationToken) : ByGatewayAsync(job, cancellationToken));
        }

        if (job.Script == Script.Cancelled)
        {
            await Task.Delay(random.Next(200, 1_500), cancellationToken);
            await CancelAsync(job, JobId.Parse(await acknowledged.Task), cancellationToken);
        }
    }

    private async Task ByNodeAsync(ScriptedJob job, Random random, Task acknowledged, CancellationToken cancellationToken)
    {
        if (_cluster.Nodes[random.Next(_cluster.Nodes.Count)].Submit(job))
        {
            await Task.WhenAny(acknowledged, Task.Delay(NodePatience, cancellationToken));
            cancellationToken.ThrowIfCancellationRequested();
        }

        Interlocked.Add(ref _retries, acknowledged.IsCompleted ? 0 : 1);
    }

    private async Task ByGatewayAsync(ScriptedJob job, CancellationToken cancellationToken)
    {
        try
        {
            // One that is on its way only is tried again: its key finds it, or the one that was first.
            if (await _cluster.Gateway.SubmitAsync(ClusterJobs.New(job), cancellationToken) is { Settled: true, Job: var id })
            {
                _cluster.Log.Add(new NodeLine(NodeLineKinds.Submitted, TimeProvider.System.GetUtcNow(), Job: id.Value, Number: job.Number));
                return;
            }
        }
        catch (JournalException)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(200), cancellationToken);
        }

        Interlocked.Increment(ref _retries);
    }

    private async Task CancelAsync(ScriptedJob job, JobId id, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                var cancel = new JobCommand.Cancel("The script says so", "driver") { At = DateTimeOffset.FromUnixTimeMilliseconds(TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds()) };
                if (await _cluster.Gateway.SendAsync(id, cancel, cancellationToken: cancellationToken) is CommandResult.Applied)
                {
                    _cluster.Log.Cancelled[job.Number] = true;
                }

                return;
            }
            catch (JournalException)
            {
                Interlocked.Increment(ref _retries);
                await Task.Delay(TimeSpan.FromMilliseconds(200), cancellationToken);
            }
        }
    }

    private void OnSaid(NodeLine line)
    {
        if (line is { Kind: NodeLineKinds.Submitted, Number: { } number, Job: { } job })
        {
            _acknowledged.GetOrAdd(number, _ => new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult(job);
        }
    }
}
