using System.Collections.Immutable;
using System.Threading.Channels;
using AiCd.Actors.Jobs;
using AiCd.Actors.Journal;

namespace AiCd.Actors.Runtime;

/// <summary>What this node sees of its jobs as it happens. Nothing rests on it: whoever misses something reads the journal.</summary>
public sealed class JobFeed
{
    private ImmutableArray<JobSubscription> _subscriptions = [];

    /// <param name="job">Null for all jobs.</param>
    /// <param name="capacity">Signals that may wait; a reader that falls further behind is cut off.</param>
    public JobSubscription Subscribe(JobId? job, int capacity = 10_000)
    {
        var subscription = new JobSubscription(job, capacity, Remove);
        ImmutableInterlocked.Update(ref _subscriptions, all => all.Add(subscription));
        return subscription;
    }

    internal bool HasSubscribers => !_subscriptions.IsEmpty;

    internal void Publish(JobSignal signal)
    {
        foreach (var subscription in _subscriptions)
        {
            subscription.Offer(signal);
        }
    }

    private void Remove(JobSubscription subscription) =>
        ImmutableInterlocked.Update(ref _subscriptions, all => all.Remove(subscription));
}

/// <summary>One reader of the feed.</summary>
public sealed class JobSubscription : IDisposable
{
    private readonly Channel<JobSignal> _signals;
    private readonly JobId? _job;
    private readonly Action<JobSubscription> _remove;

    internal JobSubscription(JobId? job, int capacity, Action<JobSubscription> remove)
    {
        _job = job;
        _remove = remove;
        _signals = Channel.CreateBounded<JobSignal>(new BoundedChannelOptions(capacity) { SingleReader = true });
    }

    /// <summary>Ends with <see cref="SlowReaderException"/> when the reader fell too far behind.</summary>
    public ChannelReader<JobSignal> Signals => _signals.Reader;

    public void Dispose()
    {
        _remove(this);
        _signals.Writer.TryComplete();
    }

    internal void Offer(JobSignal signal)
    {
        if ((_job is null || _job == signal.Job) && !_signals.Writer.TryWrite(signal))
        {
            _remove(this);
            _signals.Writer.TryComplete(new SlowReaderException());
        }
    }
}

public sealed class SlowReaderException() : Exception("The reader fell too far behind and was cut off; it can resume from the journal");

/// <summary>Something that happened to a job just now.</summary>
public abstract record JobSignal(JobId Job)
{
    /// <returns>What the attempt said, for readers elsewhere; null where the signal is of something else.</returns>
    public LiveNote? ToNote() => this switch
    {
        JobProgressed progressed => new LiveNote(Job, progressed.Stage, progressed.AttemptId, null, progressed.Message),
        JobSpoke spoke => new LiveNote(Job, spoke.Stage, spoke.AttemptId, spoke.Role, spoke.Text),
        _ => null,
    };
}

/// <summary>An event that is durable.</summary>
/// <param name="State">After the event.</param>
public sealed record JobRecorded(JobId Job, int Seq, JobEvent Event, JobState State) : JobSignal(Job);

/// <summary>A turn of a running stage's transcript: what the agent, a tool or the stage itself said.</summary>
public sealed record JobSpoke(JobId Job, Stage Stage, string AttemptId, string Role, string Text) : JobSignal(Job);

/// <summary>A running stage says what it does.</summary>
public sealed record JobProgressed(JobId Job, Stage Stage, string AttemptId, string Message) : JobSignal(Job);
