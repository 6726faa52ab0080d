using AiCd.Actors.Hosting;
using AiCd.Actors.Jobs;
using AiCd.Actors.Journal;
using AiCd.Actors.Ports;
using AiCd.Actors.Runtime;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AiCd.Forge.GitHub.Board;

/// <summary>
/// Follows the jobs of this node and shows their status. Nothing rests on what it remembers: a start looks at all jobs that are under
/// way or ended lately, whoever takes shards over at those of their jobs, and whatever fails is tried again with the job as it stands then.
/// </summary>
internal sealed class IssueBoardService(
    EngineService engine, IssueBoard board, IStore store, GitHubHost host, Installations installations, GitHubOptions options, TimeProvider time,
    ILogger<IssueBoardService> logger) : BackgroundService
{
    private const int MaxJobs = 500;

    private static readonly TimeSpan Lately = TimeSpan.FromDays(1);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    // Longer than GitHub has a node wait before it may show what became of a job.
    private static readonly TimeSpan JustNow = TimeSpan.FromHours(1);
    private static readonly TimeSpan Glance = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly StaleJobs _stale = new();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!options.HasCredentials)
        {
            return;
        }

        await engine.Started.WaitAsync(stoppingToken);
        if (engine.Node is { } node)
        {
            await Task.WhenAll(FollowAsync(node, stoppingToken), InheritAsync(node, stoppingToken), ShowAsync(node.Gateway, stoppingToken));
        }
    }

    private async Task FollowAsync(EngineNode node, CancellationToken cancellationToken)
    {
        while (true)
        {
            using var subscription = node.Feed.Subscribe(job: null);
            try
            {
                await LookBackAsync(Lately, _ => true, cancellationToken);
                await foreach (var signal in subscription.Signals.ReadAllAsync(cancellationToken))
                {
                    if (signal is JobRecorded { Event: not (JobEvent.UsageSettled or JobEvent.EffectIntended or JobEvent.EffectDone) })
                    {
                        _stale.Add(signal.Job);
                    }
                }
            }
            catch (SlowReaderException)
            {
                // The look back at the beginning of the next round finds what was missed.
            }
            catch (JournalException e)
            {
                logger.StatusNotShown("of any kind", "its issue", e);
                await Task.Delay(Pause, time, cancellationToken);
            }
        }
    }

    /// <summary>A node may have ended jobs, and be gone before it showed that: nothing more happens to those, so the heir of its shards looks.</summary>
    private async Task InheritAsync(EngineNode node, CancellationToken cancellationToken)
    {
        var known = node.OwnedShards.ToHashSet();
        while (true)
        {
            await Task.Delay(Glance, time, cancellationToken);
            var owned = node.OwnedShards.ToHashSet();
            try
            {
                if (!owned.IsSubsetOf(known))
                {
                    await node.ReadModelsCaughtUpAsync(cancellationToken).WaitAsync(Patience, time, cancellationToken);
                    await LookBackAsync(JustNow, job => owned.Contains(job.Shard) && !known.Contains(job.Shard), cancellationToken);
                }

                known = owned;
            }
            catch (Exception e) when (e is JournalException or TimeoutException)
            {
                logger.StatusNotShown("of any kind", "its issue", e);
            }
        }
    }

    private async Task LookBackAsync(TimeSpan ended, Func<JobId, bool> fits, CancellationToken cancellationToken)
    {
        var since = time.GetUtcNow() - ended;
        foreach (var tenant in await installations.TenantsAsync(cancellationToken))
        {
            foreach (var view in await store.Jobs.ListAsync(tenant, state: null, before: null, MaxJobs, cancellationToken))
            {
                if (fits(view.Id) && host.Repository(view.Repository) is not null && (!view.State.IsTerminal() || view.UpdatedAt > since))
                {
                    _stale.Add(view.Id);
                }
            }
        }
    }

    private async Task ShowAsync(IJobGateway jobs, CancellationToken cancellationToken)
    {
        while (true)
        {
            var id = await _stale.TakeAsync(cancellationToken);
            try
            {
                if (await jobs.FindAsync(id, cancellationToken) is { } job)
                {
                    await board.ReconcileAsync(job, cancellationToken);
                }
            }
            catch (StageException e) when (e.Kind is FaultKind.Permanent or FaultKind.Credentials)
            {
                // The issue or the permission is gone: the next event of the job tries again.
                logger.StatusNotShown(id.Value, "its issue", e);
            }
            catch (JobQuarantinedException e)
            {
                logger.StatusNotShown(id.Value, "its issue", e);
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                // Whatever it was: the job as it stands then is shown.
                logger.StatusNotShown(id.Value, "its issue", e);
                _stale.Add(id);
                var pause = (e as StageException)?.RetryAfter ?? Pause;
                await Task.Delay(pause > Pause ? pause : Pause, time, cancellationToken);
            }
        }
    }
}
