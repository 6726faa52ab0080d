using System.Runtime.CompilerServices;
using System.Threading.Channels;
using AiCd.Actors.Jobs;
using AiCd.Actors.Journal;
using AiCd.Actors.Runtime;
using AiCd.Host.Logging;
using Microsoft.Extensions.Logging;

namespace AiCd.Host.Driving;

/// <summary>
/// Follows one job from its first event to its end: the journal first, then the live feed. Every event comes once and none is left
/// out, because the feed was subscribed to before the journal is read and sequence numbers tell what both have.
/// </summary>
/// <param name="subscription">To the feed, begun before the job could have an event that the journal does not show.</param>
internal sealed class JobFollower(IJournal journal, JobFeed feed, JobSubscription subscription, ILogger logger) : IDisposable
{
    private JobSubscription _subscription = subscription;
    private int _seq;

    public async IAsyncEnumerable<JobSignal> FollowAsync(JobId job, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var ended = false;
        while (!ended)
        {
            await foreach (var missed in RestAsync(job, cancellationToken))
            {
                ended = missed.State.IsTerminal();
                yield return missed;
            }

            while (!ended && await NextAsync(job, cancellationToken) is { } next)
            {
                ended = next is JobRecorded { State: var state } && state.IsTerminal();
                yield return next;
            }
        }
    }

    /// <summary>What the journal has beyond the last event that was shown.</summary>
    public async IAsyncEnumerable<JobRecorded> RestAsync(JobId job, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var recorded in JobHistory.ReadAsync(journal, job, cancellationToken))
        {
            if (recorded.Seq > _seq)
            {
                _seq = recorded.Seq;
                yield return recorded;
            }
        }
    }

    public void Dispose() => _subscription.Dispose();

    /// <returns>The next live signal of the job, or null where the journal has to be read first.</returns>
    private async Task<JobSignal?> NextAsync(JobId job, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                var signal = await _subscription.Signals.ReadAsync(cancellationToken);
                switch (signal)
                {
                    case { Job: var other } when other != job:
                    case JobRecorded known when known.Seq <= _seq:
                        continue;
                    case JobRecorded ahead when ahead.Seq > _seq + 1:
                        return null;
                    case JobRecorded recorded:
                        _seq = recorded.Seq;
                        return recorded;
                    default:
                        return signal;
                }
            }
        }
        catch (ChannelClosedException closed) when (closed.InnerException is SlowReaderException)
        {
            HostLog.ReaderFellBehind(logger, job.Value, _seq);
            _subscription.Dispose();
            _subscription = feed.Subscribe(job);
            return null;
        }
    }
}
