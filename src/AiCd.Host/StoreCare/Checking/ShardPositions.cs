using System.Collections;
using AiCd.Host.StoreCare.Tables;

namespace AiCd.Host.StoreCare.Checking;

/// <summary>Which positions of every shard have an event: from 1 to the head each must, unless its history was pruned, and none beyond it.</summary>
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

    /// <summary>Positions up to the heads that no event has.</summary>
    public IEnumerable<(int Shard, long From, long To)> Gaps()
    {
        foreach (var (shard, (head, seen)) in _shards)
        {
            for (var position = 1L; position <= head; position++)
            {
                var from = position;
                while (position <= head && !seen[(int)(position - 1)])
                {
                    position++;
                }

                if (position > from)
                {
                    yield return (shard, from, position - 1);
                }
            }
        }
    }

    public IEnumerable<StoreProblem> CursorsAhead() => _shards.Where(shard => CursorOf(shard.Key) > shard.Value.Head).Select(shard => new StoreProblem(
        "cursor_ahead", $"the read model stands at {CursorOf(shard.Key)} in shard {shard.Key}, which has {shard.Value.Head} events", Shard: shard.Key, Position: CursorOf(shard.Key)));
}
