using System.Collections.Concurrent;

namespace AiCd.Benchmarks.Cluster;

/// <summary>What all node processes of a run have said, and a signal for whoever waits for something of it.</summary>
internal sealed class ClusterLog
{
    private readonly Lock _lock = new();
    private readonly List<NodeLine> _lines = [];
    private readonly ConcurrentDictionary<int, string> _acknowledged = new();
    private TaskCompletionSource _changed = NewSignal();

    /// <summary>Raised for every line, in the order of its process.</summary>
    public event Action<NodeLine>? Said;

    /// <summary>Acknowledged submissions: number and job.</summary>
    public IReadOnlyDictionary<int, string> Acknowledged => _acknowledged;

    public IReadOnlyList<NodeLine> Lines
    {
        get
        {
            lock (_lock)
            {
                return [.. _lines];
            }
        }
    }

    /// <summary>Submissions whose cancellation was acknowledged as applied.</summary>
    public ConcurrentDictionary<int, bool> Cancelled { get; } = new();

    /// <summary>Two acknowledgements of one number that name different jobs break a promise.</summary>
    public List<string> Contradictions { get; } = [];

    public void Add(NodeLine line)
    {
        lock (_lock)
        {
            _lines.Add(line);
            if (line is { Kind: NodeLineKinds.Submitted, Number: { } number, Job: { } job } && _acknowledged.GetOrAdd(number, job) is var first && first != job)
            {
                Contradictions.Add($"submission {number} was acknowledged as job {first} and as job {job}");
            }

            _changed.SetResult();
            _changed = NewSignal();
        }

        Said?.Invoke(line);
    }

    /// <returns>The first line that fits, whether it came already or is still to come.</returns>
    public async Task<NodeLine> WaitAsync(Func<NodeLine, bool> fits, TimeSpan patience, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(patience);
        for (var next = 0; ;)
        {
            Task changed;
            List<NodeLine> fresh;
            lock (_lock)
            {
                changed = _changed.Task;
                fresh = _lines[next..];
            }

            if (fresh.Find(line => fits(line)) is { } found)
            {
                return found;
            }

            next += fresh.Count;
            try
            {
                await changed.WaitAsync(deadline.Token);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                throw new TimeoutException($"No node said what was waited for within {patience}; the last lines:\n{Tail(40)}");
            }
        }
    }

    public string Tail(int lines)
    {
        lock (_lock)
        {
            return string.Join('\n', _lines.TakeLast(lines).Select(line => line.Encode()));
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
