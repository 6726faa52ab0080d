using AiCd.Actors.Jobs;

namespace AiCd.Actors.Runtime.Pools;

/// <summary>
/// The workers of one stage on one node: at most so many at a time, at most so many starts per second. Jobs beyond that wait here as
/// entries of a queue. A grant is delivered outside the lock; the slot comes back when the work has ended.
/// </summary>
public sealed class StagePool : IDisposable
{
    /// <summary>Timers take no more than some weeks; who waits longer is looked at once a day.</summary>
    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(1);

    private readonly Lock _lock = new();
    private readonly FairQueue _ready;
    private readonly Dictionary<JobId, WaitingJob> _delayed = [];
    private readonly PriorityQueue<JobId, DateTimeOffset> _dueTimes = new();
    private readonly Dictionary<string, Dictionary<JobId, WaitingJob>> _held = [];
    private readonly StartRate _rate;
    private readonly ProviderCircuits _circuits;
    private readonly TimeProvider _time;
    private readonly Action<JobId, StageSlot> _grant;
    private readonly ITimer _timer;
    private int _concurrency;
    private int _running;
    private int _pumps;
    private bool _paused;
    private bool _closed;

    public StagePool(Stage stage, StageOptions options, ProviderCircuits circuits, TimeProvider time, Action<JobId, StageSlot> grant, Func<string, int>? weightOf = null)
    {
        Stage = stage;
        _ready = new FairQueue(weightOf);
        _concurrency = options.Concurrency;
        _rate = new StartRate(options.StartsPerSecond, time);
        _circuits = circuits;
        _time = time;
        _grant = grant;
        _timer = time.CreateTimer(_ => Pump(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _circuits.Reopened += OnReopened;
    }

    public Stage Stage { get; }

    /// <summary>Puts a job into the queue; one that waits already takes its new place.</summary>
    public void Enqueue(WaitingJob job)
    {
        lock (_lock)
        {
            Forget(job.Job);
            if (job.DueAt is { } due && due > _time.GetUtcNow())
            {
                _delayed.Add(job.Job, job);
                _dueTimes.Enqueue(job.Job, due);
            }
            else
            {
                _ready.Enqueue(job);
            }
        }

        Pump();
    }

    public bool Remove(JobId job)
    {
        lock (_lock)
        {
            return Forget(job);
        }
    }

    public void Remove(IReadOnlySet<int> shards)
    {
        lock (_lock)
        {
            var leaving = _ready.Jobs.Concat(_delayed.Keys).Concat(_held.Values.SelectMany(jobs => jobs.Keys))
                .Where(job => shards.Contains(job.Shard)).ToList();
            leaving.ForEach(job => Forget(job));
        }
    }

    /// <summary>Takes a place at once, without queueing, where nobody waits for it.</summary>
    /// <returns>Null where the job has to wait its turn.</returns>
    public StageSlot? TryEnter(string provider)
    {
        lock (_lock)
        {
            if (_paused || _closed || _running >= _concurrency || _ready.Count > 0 || IsSomebodyDue() || _rate.TryTake() is not null)
            {
                return null;
            }

            if (_circuits.TryPass(provider, out var probe))
            {
                _running++;
                return new StageSlot(Stage, provider, () => Release(provider, probe));
            }

            _rate.GiveBack();
            return null;
        }
    }

    public void Resize(int concurrency, double startsPerSecond)
    {
        lock (_lock)
        {
            _concurrency = concurrency;
            _rate.Change(startsPerSecond);
        }

        Pump();
    }

    /// <summary>Running work goes on; nothing new starts until <see cref="Resume"/>.</summary>
    public void Pause()
    {
        lock (_lock)
        {
            _paused = true;
        }
    }

    public void Resume()
    {
        lock (_lock)
        {
            _paused = false;
        }

        Pump();
    }

    /// <summary>The node stops: nothing starts here any more, whatever operators set.</summary>
    public void Close()
    {
        lock (_lock)
        {
            _closed = true;
        }
    }

    /// <returns>Why the job waits here, or null where it does not.</returns>
    public WaitingReason? Explain(JobId job)
    {
        lock (_lock)
        {
            if (_delayed.TryGetValue(job, out var delayed))
            {
                return new WaitingReason(WaitingCodes.NotDue, Stage, null, delayed.DueAt);
            }

            if (_held.Any(held => held.Value.ContainsKey(job)))
            {
                return new WaitingReason(WaitingCodes.ProviderDown, Stage, null, null);
            }

            var code = _paused || _closed ? WaitingCodes.PoolPaused : _running >= _concurrency ? WaitingCodes.PoolFull : WaitingCodes.StartRate;
            return _ready.Ahead(job) is { } ahead ? new WaitingReason(code, Stage, ahead + 1, null) : null;
        }
    }

    public PoolView View()
    {
        lock (_lock)
        {
            return new PoolView(Stage, _concurrency, _rate.PerSecond, _running, _ready.Count, _delayed.Count, _held.Values.Sum(jobs => jobs.Count), _paused);
        }
    }

    public void Dispose()
    {
        _circuits.Reopened -= OnReopened;
        _timer.Dispose();
    }

    /// <summary>
    /// One thread at a time delivers grants. Whoever comes meanwhile, be it from within a delivery whose slot came back at once,
    /// makes that thread look again.
    /// </summary>
    private void Pump()
    {
        if (Interlocked.Increment(ref _pumps) > 1)
        {
            return;
        }

        int seen;
        do
        {
            seen = Volatile.Read(ref _pumps);
            while (Next() is var (job, slot))
            {
                _grant(job, slot);
            }
        }
        while (Interlocked.Add(ref _pumps, -seen) > 0);
    }

    private (JobId Job, StageSlot Slot)? Next()
    {
        lock (_lock)
        {
            ReleaseDue();
            while (!_paused && !_closed && _running < _concurrency && _ready.Count > 0)
            {
                if (_rate.TryTake() is { } wait)
                {
                    Arm(wait);
                    return null;
                }

                if (!_ready.TryDequeue(out var job))
                {
                    _rate.GiveBack();
                    return null;
                }

                var provider = job.Provider;
                if (_circuits.TryPass(provider, out var probe))
                {
                    _running++;
                    return (job.Job, new StageSlot(Stage, provider, () => Release(provider, probe)));
                }

                _rate.GiveBack();
                Hold(job);
            }

            return null;
        }
    }

    private void ReleaseDue()
    {
        var now = _time.GetUtcNow();
        while (_dueTimes.TryPeek(out var job, out var due))
        {
            var current = _delayed.TryGetValue(job, out var waiting) && waiting.DueAt == due;
            if (current && due > now)
            {
                Arm(due - now);
                return;
            }

            _dueTimes.Dequeue();
            if (current)
            {
                _delayed.Remove(job);
                _ready.Enqueue(waiting!);
            }
        }
    }

    /// <summary>True between a due time and the moment when the timer has moved its job to those that are ready.</summary>
    private bool IsSomebodyDue() => _dueTimes.TryPeek(out _, out var due) && due <= _time.GetUtcNow();

    private void Arm(TimeSpan wait)
    {
        // Timers count whole milliseconds, and cut off the rest.
        var milliseconds = Math.Ceiling(Math.Min(wait.TotalMilliseconds, LongestTimer.TotalMilliseconds));
        _timer.Change(TimeSpan.FromMilliseconds(milliseconds), Timeout.InfiniteTimeSpan);
    }

    private void Hold(WaitingJob job)
    {
        if (!_held.TryGetValue(job.Provider, out var jobs))
        {
            _held.Add(job.Provider, jobs = []);
        }

        jobs[job.Job] = job;
    }

    private void OnReopened(string provider)
    {
        lock (_lock)
        {
            if (!_held.Remove(provider, out var jobs))
            {
                return;
            }

            // Ids rise with age; the dictionary's order is anybody's.
            foreach (var job in jobs.Values.OrderBy(job => job.Job))
            {
                _ready.Enqueue(job);
            }
        }

        Pump();
    }

    private bool Forget(JobId job)
    {
        var held = false;
        foreach (var jobs in _held.Values)
        {
            held |= jobs.Remove(job);
        }

        return _ready.Remove(job) | _delayed.Remove(job) | held;
    }

    private void Release(string provider, long probe)
    {
        lock (_lock)
        {
            _running--;
        }

        _circuits.ReportNothing(provider, probe);
        Pump();
    }
}

/// <summary>A pool as it stands.</summary>
/// <param name="Delayed">Jobs that wait for a due time.</param>
/// <param name="Held">Jobs that wait for a provider whose circuit is open.</param>
public sealed record PoolView(
    Stage Stage, int Concurrency, double StartsPerSecond, int Running, int Waiting, int Delayed, int Held, bool Paused);
