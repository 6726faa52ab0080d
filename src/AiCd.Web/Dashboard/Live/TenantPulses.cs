using System.Collections.Immutable;
using AiCd.Actors.Jobs;
using AiCd.Web.Streams;
using Microsoft.Extensions.Logging;

namespace AiCd.Web.Dashboard.Live;

/// <summary>
/// Tells pages that jobs of their tenant have changed, and which. However many events there are, a page hears of them only so often, and
/// a page that is slow hears once of all that happened meanwhile.
/// </summary>
internal sealed class TenantPulses(JournalTail tail, TimeProvider time, ILogger<TenantPulses> logger)
{
    /// <summary>What changes within is told together.</summary>
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(250);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Pulse> _pulses = [];

    /// <param name="changed">Gets the jobs that changed, or null where it may be any.</param>
    public IDisposable Subscribe(string tenant, Action<IReadOnlySet<JobId>?> changed)
    {
        lock (_lock)
        {
            if (!_pulses.TryGetValue(tenant, out var pulse))
            {
                pulse = new Pulse();
                _pulses[tenant] = pulse;
                _ = RunAsync(tenant, pulse);
            }

            pulse.Listeners = pulse.Listeners.Add(changed);
            return new Subscription(() => Remove(tenant, pulse, changed));
        }
    }

    private void Remove(string tenant, Pulse pulse, Action<IReadOnlySet<JobId>?> changed)
    {
        lock (_lock)
        {
            pulse.Listeners = pulse.Listeners.Remove(changed);
            if (pulse.Listeners.IsEmpty && _pulses.GetValueOrDefault(tenant) == pulse)
            {
                _pulses.Remove(tenant);
                pulse.Stop.Cancel();
            }
        }
    }

    private async Task RunAsync(string tenant, Pulse pulse)
    {
        var stop = pulse.Stop.Token;
        while (!stop.IsCancellationRequested)
        {
            try
            {
                using var subscription = await tail.SubscribeAsync(tenant, job: null, stop);

                // Whatever happened before is not told one by one.
                pulse.Tell(null);
                while (await subscription.Messages.WaitToReadAsync(stop))
                {
                    var changed = new HashSet<JobId>();
                    Drain(subscription, changed);
                    pulse.Tell(changed);
                    await Task.Delay(Beat, time, stop);
                }
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception error)
            {
                // The journal has it all: trying again is right, whatever it was.
                WebLog.PulseFailed(logger, error);
                await Task.Delay(TimeSpan.FromSeconds(1), time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private static void Drain(StreamSubscription subscription, HashSet<JobId> changed)
    {
        while (subscription.Messages.TryRead(out var message))
        {
            if (message is StreamEvent e)
            {
                changed.Add(e.Row.Job);
            }
        }
    }

    private sealed class Pulse
    {
        public CancellationTokenSource Stop { get; } = new();

        public ImmutableList<Action<IReadOnlySet<JobId>?>> Listeners { get; set; } = [];

        public void Tell(IReadOnlySet<JobId>? changed)
        {
            foreach (var listener in Listeners)
            {
                listener(changed);
            }
        }
    }

    private sealed class Subscription(Action end) : IDisposable
    {
        private Action? _end = end;

        public void Dispose() => Interlocked.Exchange(ref _end, null)?.Invoke();
    }
}
