using System.Collections;
using AiCd.Host.StoreCare.Tables;

namespace AiCd.Host.StoreCare.Checking;

/// <summary>Which positions of every shard have an event: from 1 to the head each must, and none beyond it.</summary>
internal sealed class ShardPositions
{
    private readonly SortedDictionary<int, (long Head, BitArray Seen)> _shards = [];
    private readonly Dictionary<int, long> _cursors = [];

    public static async Task<ShardPositions> ReadAsync(ITableSource tables, CancellationToken cancellationToken)
    {
        var positions = new ShardPositions();
        var shards = StoreTables.Find(tables, StoreTables.Shards);
        await foreach (var row in tables.ReadAsync(shards, cancellationToken))
        {
            var head = (long)row[shards.IndexOf("head")]!;
            positions._shards.Add((int)(long)row[shards.IndexOf("shard")]!, (head, new BitArray(checked((int)head))));
        }

        var cursors = StoreTables.Find(tables, StoreTables.Cursors);
        await foreach (var row in tables.ReadAsync(cursors, cancellationToken))
        {
            positions._cursors.Add((int)(long)row[cursors.IndexOf("shard")]!, (long)row[cursors.IndexOf("position")]!);
        }

        return positions;
    }

    public int Count => _shards.Count;

    /// <summary>Events that the read model has not taken in.</summary>
    public long Lag => _shards.Sum(shard => shard.Value.Head - CursorOf(shard.Key));

    /// <summary>How far the read model has come.</summary>
    public long CursorOf(int shard) => _cursors.GetValueOrDefault(shard);

    /// <returns>False where the shard does not reach that far.</returns>
    public bool TryMark(int shard, long position)
    {
        if (!_shards.TryGetValue(shard, out var at) || position < 1 || position > at.Head)
        {
            return false;
        }

        at.Seen[(int)(position - 1)] = true;
        return true;
    }

    public IEnumerable<StoreProblem> Gaps()
    {
        foreach (var (shard, (head, seen)) in _shards)
        {
            for (var position = 1L; position <= head; position++)
            {
                if (!seen[(int)(position - 1)])
                {
                    yield return new StoreProblem("position_missing", $"shard {shard} has {head} events, but none at position {position}", Shard: shard, Position: position);
                }
            }

            if (CursorOf(shard) > head)
            {
                yield return new StoreProblem("cursor_ahead", $"the read model stands at {CursorOf(shard)} in shard {shard}, which has {head} events", Shard: shard, Position: CursorOf(shard));
            }
        }
    }
}
