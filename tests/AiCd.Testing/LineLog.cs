using System.Runtime.CompilerServices;

namespace AiCd.Testing;

/// <summary>Lines of one stream of a process, in the order they came, and a signal for whoever waits for one.</summary>
internal sealed class LineLog
{
    private readonly Lock _gate = new();
    private readonly List<string> _lines = [];
    private TaskCompletionSource _changed = NewSignal();
    private bool _ended;

    public IReadOnlyList<string> Snapshot()
    {
        lock (_gate)
        {
            return [.. _lines];
        }
    }

    /// <summary>Takes lines until the stream ends.</summary>
    public async Task ReadAsync(TextReader reader)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            Change(() => _lines.Add(line));
        }

        Change(() => _ended = true);
    }

    /// <summary>The first line that fits, among those that came already and those to come; null if the stream ends without one.</summary>
    public async Task<string?> FindAsync(Func<string, bool> fits, CancellationToken cancellationToken)
    {
        for (var next = 0; ;)
        {
            Task changed;
            bool ended;
            string[] fresh;
            lock (_gate)
            {
                changed = _changed.Task;
                ended = _ended;
                fresh = [.. _lines.Skip(next)];
            }

            if (fresh.FirstOrDefault(fits) is { } line)
            {
                return line;
            }

            if (ended)
            {
                return null;
            }

            next += fresh.Length;
            await changed.WaitAsync(cancellationToken);
        }
    }

    /// <summary>All lines, those that came already and those to come, until the stream ends.</summary>
    public async IAsyncEnumerable<string> FollowAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var next = 0; ;)
        {
            Task changed;
            bool ended;
            List<string> fresh;
            lock (_gate)
            {
                changed = _changed.Task;
                ended = _ended;
                fresh = _lines[next..];
            }

            foreach (var line in fresh)
            {
                yield return line;
            }

            if (ended)
            {
                yield break;
            }

            next += fresh.Count;
            await changed.WaitAsync(cancellationToken);
        }
    }

    private void Change(Action change)
    {
        lock (_gate)
        {
            change();
            _changed.SetResult();
            _changed = NewSignal();
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
