namespace AiCd.Benchmarks.Cluster.Audit;

/// <summary>What the nodes said of the work of their attempts.</summary>
internal sealed class AttemptLog
{
    private readonly Dictionary<string, int> _runs = [];
    private readonly Dictionary<string, DateTimeOffset> _failures = [];

    public AttemptLog(IEnumerable<NodeLine> lines)
    {
        foreach (var line in lines)
        {
            if (line.Kind == NodeLineKinds.Started)
            {
                _runs[line.Attempt!] = _runs.GetValueOrDefault(line.Attempt!) + 1;
            }
            else if (line is { Kind: NodeLineKinds.Ended, Text: LoggedEnds.Failed })
            {
                _failures[line.Attempt!] = line.At;
            }
        }
    }

    /// <summary>By attempt, how often its work began.</summary>
    public IReadOnlyDictionary<string, int> Runs => _runs;

    /// <returns>When its work gave up, or null where it did not: one that was done, or was cut short, is another matter.</returns>
    public DateTimeOffset? FailureOf(string attempt) => _failures.TryGetValue(attempt, out var at) ? at : null;
}
