using AiCd.Actors.Jobs;
using AiCd.Actors.Journal;
using AiCd.Web.Engine;
using AiCd.Web.Store;
using AiCd.Web.Streams;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AiCd.Web.Notifications;

/// <summary>
/// Reads the journal of the shards that this node owns, and keeps what each hook is to hear. Positions move in the transaction that keeps
/// the notifications, so a crash loses none; where two nodes read the same while a shard changes hands, both keep the same once.
/// </summary>
internal sealed class NotificationFeeder(
    IStore store,
    INotificationStore notifications,
    IEngine engine,
    EngineReadiness ready,
    NotificationOptions options,
    NotificationSignals signals,
    TimeProvider time,
    ILogger<NotificationFeeder> logger) : BackgroundService
{
    private const int PerShard = 200;

    /// <summary>For what other ways of waking miss: a shard that came with events which nobody had read yet.</summary>
    private static readonly TimeSpan Polling = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan Pruning = TimeSpan.FromHours(1);

    private readonly TailJobs _jobs = new(store.Journal);
    private readonly Dictionary<string, Dictionary<int, long>> _positions = [];
    private IReadOnlyList<int> _owned = [];
    private long? _pruned;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.Hooks.Count == 0 || !await ready.WaitAsync(stoppingToken))
        {
            return;
        }

        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await LookAsync(stoppingToken);
                await signals.RecordedAsync(Polling, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception error)
            {
                // The journal has it all, and the positions say where to go on.
                NotificationLog.FeedFailed(logger, error);
                _positions.Clear();
                await Task.Delay(Polling, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        var owned = engine.OwnedShards;
        if (!owned.SequenceEqual(_owned))
        {
            // Whoever owned a shard before has moved its positions since.
            _owned = owned;
            _positions.Clear();
        }

        foreach (var hook in options.Hooks)
        {
            while (await FeedAsync(hook, await PositionsAsync(hook.Name, cancellationToken), cancellationToken))
            {
            }
        }

        if (_pruned is not { } last || time.GetElapsedTime(last) >= Pruning)
        {
            await notifications.PruneNotificationsAsync(time.GetUtcNow() - options.Keep, cancellationToken);
            _pruned = time.GetTimestamp();
        }
    }

    private async Task<Dictionary<int, long>> PositionsAsync(string hook, CancellationToken cancellationToken)
    {
        if (!_positions.TryGetValue(hook, out var positions))
        {
            // Of all shards: one that comes to this node later is fed from when the hook was first seen.
            var heads = (await store.Nodes.ReadAsync(cancellationToken)).Shards.ToDictionary(shard => shard.Shard, shard => shard.Head);
            var all = await notifications.BeginNotifyingAsync(hook, heads, cancellationToken);
            _positions[hook] = positions = _owned.ToDictionary(shard => shard, shard => all[shard]);
        }

        return positions;
    }

    /// <returns>True where there may be more at once.</returns>
    private async Task<bool> FeedAsync(HookOptions hook, Dictionary<int, long> positions, CancellationToken cancellationToken)
    {
        var rows = await store.Queries.TailAsync(positions, PerShard, cancellationToken);
        if (rows.Count == 0)
        {
            return false;
        }

        // A job's state is known only to those who see all of its events.
        var told = rows.Where(row => hook.Wants(row.Tenant, row.Event)).Select(row => row.Job).ToHashSet();
        var read = rows.Where(row => told.Contains(row.Job)).ToList();
        await _jobs.PrepareAsync(read, cancellationToken);
        var kept = new List<Notification>();
        foreach (var row in read)
        {
            if (_jobs.Read(row) is var (_, after) && hook.Wants(row.Tenant, row.Event))
            {
                kept.Add(NotificationOf(hook, row, after));
            }
        }

        var moved = rows.GroupBy(row => row.Shard).ToDictionary(shard => shard.Key, shard => shard.Max(row => row.ShardSeq));
        await notifications.NotifyAsync(hook.Name, kept, moved, cancellationToken);
        foreach (var (shard, position) in moved)
        {
            positions[shard] = position;
        }

        if (kept.Count > 0)
        {
            signals.Due(hook.Name);
        }

        return rows.GroupBy(row => row.Shard).Any(shard => shard.Count() == PerShard);
    }

    private Notification NotificationOf(HookOptions hook, in JournalRow row, Job after)
    {
        var id = FormattableString.Invariant($"{hook.Name}.{row.Job}.{row.Seq}");
        return new Notification(id, hook.Name, row.Tenant, row.Job.Value, row.Event, NotificationBody.Of(hook, id, row, after), time.GetUtcNow());
    }
}
