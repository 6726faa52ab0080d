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
/// out, because the feed was subscribed to before the journal is read and sequence numbers tell what both have. A job that another
/// node drives is not in the feed: in a shared store, the journal is read every so often.
/// </summary>
/// <param name="subscription">To the feed, begun before the job could have an event that the journal does not show.</param>
internal sealed class JobFollower(IStore store, JobFeed feed, JobSubscription subscription, TimeProvider time, ILogger logger) : IDisposable
{
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(500);

    private JobSubscription _subscription = subscription;
    private int _seq;

    public async IAsyncEnumerable<JobSignal> FollowAsync(JobId job, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var ended = false;
        while (!ended)
        {
            foreach (var missed in await MissedAsync(job, cancellationToken))
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
        await foreach (var recorded in JobHistory.ReadAsync(store.Journal, job, cancellationToken))
        {
            if (recorded.Seq > _seq)
            {
                _seq = recorded.Seq;
                yield return recorded;
            }
        }
    }

    public void Dispose() => _subscription.Dispose();

    private async Task<IReadOnlyList<JobRecorded>> MissedAsync(JobId job, CancellationToken cancellationToken)
    {
        var seen = _seq;
        try
        {
            return await RestAsync(job, cancellationToken).ToListAsync(cancellationToken);
        }
        catch (JournalException away) when (away.IsTransient && store.IsShared)
        {
            // The job goes on where it is driven, and the feed may tell of it meanwhile.
            HostLog.JournalAway(logger, away);
            _seq = seen;
            return [];
        }
    }

    /// <returns>The next live signal of the job, or null where the journal has to be read first.</returns>
    private async Task<JobSignal?> NextAsync(JobId job, CancellationToken cancellationToken)
    {
        using var quiet = new CancellationTokenSource(store.IsShared ? Quiet : Timeout.InfiniteTimeSpan, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(quiet.Token, cancellationToken);
        try
        {
            while (true)
            {
                var signal = await _subscription.Signals.ReadAsync(stop.Token);
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
        catch (OperationCanceledException) when (quiet.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return null;
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
