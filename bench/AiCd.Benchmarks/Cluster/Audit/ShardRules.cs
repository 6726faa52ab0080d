using AiCd.Actors.Journal;

namespace AiCd.Benchmarks.Cluster.Audit;

/// <summary>Every shard's events are numbered from 1 to its head, without a gap.</summary>
internal static class ShardRules
{
    public static void Check(IReadOnlyList<JournalRow> rows, ClusterView view, List<string> violations)
    {
        var shards = rows.ToLookup(row => row.Shard, row => row.ShardSeq);
        foreach (var shard in view.Shards)
        {
            var positions = shards[shard.Shard].Order().ToList();
            if (positions.Count != shard.Head || !positions.SequenceEqual(Enumerable.Range(1, positions.Count).Select(position => (long)position)))
            {
                violations.Add($"shard {shard.Shard} has {positions.Count} events, its head is {shard.Head}");
            }
        }

        violations.AddRange(rows.Where(row => row.Job.Shard != row.Shard).Select(row => $"job {row.Job} stands in shard {row.Shard}"));
    }
}
