using System.Diagnostics.Metrics;
using AiCd.Actors.Jobs;

namespace AiCd.Actors.Telemetry;

/// <summary>The meter of the engine. Nothing is computed while nobody listens.</summary>
public sealed class EngineMetrics : IDisposable
{
    public const string MeterName = "AiCd";

    private readonly Meter _meter = new(MeterName);
    private readonly Counter<long> _transitions;
    private readonly Histogram<double> _stageDuration;
    private readonly Histogram<int> _batchEvents;
    private readonly Histogram<double> _appendDuration;

    internal EngineMetrics()
    {
        _transitions = _meter.CreateCounter<long>("aicd.jobs.events", "{event}", "Events that became durable, by name");
        _stageDuration = _meter.CreateHistogram<double>("aicd.stage.duration", "s", "How long attempts took, by stage and outcome");
        _batchEvents = _meter.CreateHistogram<int>("aicd.journal.batch", "{event}", "Events in one commit");
        _appendDuration = _meter.CreateHistogram<double>("aicd.journal.append.duration", "s", "How long a commit took");
    }

    /// <param name="pools">Queue depth and running attempts of each pool, read when somebody asks.</param>
    /// <param name="lease">Seconds that the lease holds; not reported where there is none.</param>
    /// <param name="lag">Batches that are committed and not projected yet.</param>
    internal void Observe(Func<IEnumerable<Runtime.Pools.PoolView>> pools, Func<TimeSpan> lease, Func<int> lag, Func<int> actors, Func<int> shards)
    {
        _meter.CreateObservableGauge("aicd.pool.waiting", () => pools().Select(pool =>
            new Measurement<int>(pool.Waiting + pool.Delayed + pool.Held, StageTag(pool.Stage))), "{job}", "Jobs that wait for a place");
        _meter.CreateObservableGauge("aicd.pool.running", () => pools().Select(pool =>
            new Measurement<int>(pool.Running, StageTag(pool.Stage))), "{attempt}", "Attempts that run");
        _meter.CreateObservableGauge(
            "aicd.node.lease", () => lease() is var left && left < TimeSpan.MaxValue ? [new Measurement<double>(left.TotalSeconds)] : Array.Empty<Measurement<double>>(),
            "s", "How long the node's lease still holds");
        _meter.CreateObservableGauge("aicd.projection.lag", lag, "{batch}", "Committed batches that are not projected yet");
        _meter.CreateObservableGauge("aicd.node.shards", shards, "{shard}", "Shards that the node owns");
        _meter.CreateObservableGauge("aicd.actors", actors, "{actor}", "Live actors");
    }

    internal void Recorded(JobEvent e)
    {
        if (_transitions.Enabled)
        {
            _transitions.Add(1, new KeyValuePair<string, object?>("event", Jobs.Stored.JobEventCodec.NameOf(e)));
        }
    }

    internal void StageEnded(Stage stage, TimeSpan duration, string outcome) =>
        _stageDuration.Record(duration.TotalSeconds, StageTag(stage), new KeyValuePair<string, object?>("outcome", outcome));

    internal void Appended(int events, TimeSpan duration)
    {
        _batchEvents.Record(events);
        _appendDuration.Record(duration.TotalSeconds);
    }

    public void Dispose() => _meter.Dispose();

    private static KeyValuePair<string, object?> StageTag(Stage stage) => new("stage", WireNames.Of(stage));
}
