using AiCd.Actors.Journal;

namespace AiCd.Web.Streams;

/// <summary>
/// Where a reader of the common stream stands in every shard. It may be behind the tail, and then reads the journal itself; having done so
/// it may be ahead of what the tail still brings, and then passes over what it had.
/// </summary>
internal sealed class StreamPlace
{
    private readonly long[] _positions;
    private readonly long[] _start;
    private readonly HashSet<int> _ahead = [];

    /// <param name="start">Where the tail stood when the reader came.</param>
    public StreamPlace(long[] given, long[] start)
    {
        _positions = [.. given];
        _start = start;
        for (var shard = 0; shard < start.Length; shard++)
        {
            if (_positions[shard] > start[shard])
            {
                _ahead.Add(shard);
            }
        }
    }

    public ReadOnlySpan<long> Positions => _positions;

    /// <summary>True while the journal has events that the tail will not bring.</summary>
    public bool IsBehind
    {
        get
        {
            for (var shard = 0; shard < _start.Length; shard++)
            {
                if (_positions[shard] < _start[shard])
                {
                    return true;
                }
            }

            return false;
        }
    }

    /// <summary>True while the reader has events that the tail will bring again: then its place is not the tail's.</summary>
    public bool IsAhead => _ahead.Count > 0;

    public IReadOnlyDictionary<int, long> Behind() =>
        Enumerable.Range(0, _start.Length).Where(shard => _positions[shard] < _start[shard]).ToDictionary(shard => shard, shard => _positions[shard]);

    /// <summary>The reader had the row from the journal.</summary>
    public void Pass(in JournalRow row)
    {
        _positions[row.Shard] = row.ShardSeq;
        if (row.ShardSeq > _start[row.Shard])
        {
            _ahead.Add(row.Shard);
        }
    }

    /// <returns>False where the reader had the event before.</returns>
    public bool TryPass(StreamEvent e)
    {
        var (shard, seq) = (e.Row.Shard, e.Row.ShardSeq);
        if (_ahead.Count > 0)
        {
            // The tail has come to where the reader is, or further, with events of others in between.
            _ahead.RemoveWhere(ahead => e.Positions[ahead] >= _positions[ahead]);
        }

        if (seq <= _positions[shard])
        {
            return false;
        }

        _positions[shard] = seq;
        return true;
    }
}
