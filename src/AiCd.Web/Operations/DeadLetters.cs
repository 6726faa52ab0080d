using System.ComponentModel;
using AiCd.Actors.Jobs;
using AiCd.Actors.Journal;
using AiCd.Actors.Runtime;
using AiCd.Web.Problems;
using AiCd.Web.Store;

namespace AiCd.Web.Operations;

/// <summary>What goes on only when somebody looks at it, of all tenants.</summary>
/// <param name="web">Null where there are no tables of the web yet.</param>
/// <param name="gateway">Null where no node is at hand that a job could be woken by.</param>
public sealed class DeadLetters(IStore store, IWebStore? web, Func<IJobGateway>? gateway, TimeProvider time)
{
    public const string OfJob = "job";
    public const string OfDelivery = "delivery";
    public const string OfNotification = "notification";

    /// <summary>Quarantined jobs that owe something, deliveries and notifications that were given up.</summary>
    /// <param name="limit">Of each kind.</param>
    public async Task<IReadOnlyList<DeadLetter>> ListAsync(int limit, CancellationToken cancellationToken)
    {
        var letters = await QuarantinedAsync(cancellationToken).Take(limit).ToListAsync(cancellationToken);
        if (web is not null)
        {
            letters.AddRange((await web.ListFailedDeliveriesAsync(limit, cancellationToken)).Select(Shown));
            letters.AddRange((await web.ListFailedNotificationsAsync(limit, cancellationToken)).Select(Shown));
        }

        return letters;
    }

    /// <returns>What is tried again.</returns>
    /// <exception cref="ProblemException">There is no such thing, or the job's history still cannot be read.</exception>
    public async Task<DeadLetter> RedriveAsync(string kind, string id, CancellationToken cancellationToken) => kind switch
    {
        OfJob => await WakeAsync(id, cancellationToken),
        OfDelivery when web is not null
            && await web.FindDeliveryAsync(id, cancellationToken) is { IsGivenUp: true } delivery
            && await web.RedeliverAsync(id, time.GetUtcNow(), cancellationToken) => Shown(delivery.Summary),
        OfNotification when web is not null
            && await web.FindNotificationAsync(id, cancellationToken) is { FailedAt: not null } notification
            && await web.RedriveNotificationAsync(id, time.GetUtcNow(), cancellationToken) => Shown(notification),
        OfDelivery or OfNotification => throw ProblemException.NotFound($"{kind} that was given up"),
        _ => throw ProblemException.Field("kind", $"{OfJob}, {OfDelivery} or {OfNotification}", kind),
    };

    /// <summary>By a replay of every job that owes something: nothing but its history says that it cannot be read.</summary>
    private IAsyncEnumerable<DeadLetter> QuarantinedAsync(CancellationToken cancellationToken) =>
        new JobReplays(store.Journal, store.Snapshots).OfActiveAsync([.. Enumerable.Range(0, store.ShardCount)], cancellationToken)
            .Where(replay => replay.Corruption is not null)
            .Select(replay => new DeadLetter(
                OfJob, replay.Id.Value, replay.LastReadable?.Submission.Tenant, replay.LastReadable?.Submission.Title ?? "", replay.Corruption!, replay.LastReadable?.UpdatedAt, null));

    /// <summary>Its owner starts what it owes, wherever that is.</summary>
    private async Task<DeadLetter> WakeAsync(string id, CancellationToken cancellationToken)
    {
        if (!JobId.TryParse(id, out var job) || job.Shard >= store.ShardCount)
        {
            throw ProblemException.NotFound(OfJob);
        }

        var replay = await JobReplay.FoldAsync(store.Journal.ReadJobsAsync([job], cancellationToken), cancellationToken).FirstOrDefaultAsync(cancellationToken);
        if (replay.Corruption is { } corruption)
        {
            throw new ProblemException(ProblemType.Quarantined, corruption);
        }

        if (replay.Job is not { } found)
        {
            throw ProblemException.NotFound(OfJob);
        }

        if (gateway is not null)
        {
            await gateway().WakeAsync(job, cancellationToken);
            await gateway().ExplainAsync(job, cancellationToken);
        }

        return new DeadLetter(OfJob, id, found.Submission.Tenant, found.Submission.Title, $"can be read, stands in {WireNames.Of(found.State)}", found.UpdatedAt, null);
    }

    private static DeadLetter Shown(DeliverySummary delivery) => new(
        OfDelivery, delivery.Id, null, delivery.Event, delivery.Outcome ?? "", delivery.AppliedAt ?? delivery.ReceivedAt, delivery.Attempts);

    private static DeadLetter Shown(Notification notification) => new(
        OfNotification,
        notification.Id,
        notification.Tenant,
        $"{notification.Event} of job {notification.Job} for {notification.Hook}",
        notification.Outcome ?? "",
        notification.FailedAt,
        notification.Attempts);
}

public sealed record DeadLetterList(IReadOnlyList<DeadLetter> Items);

public sealed record DeadLetter(
    [property: Description("job, delivery or notification.")] string Kind,
    string Id,
    string? Tenant,
    string What,
    string Reason,
    DateTimeOffset? At,
    int? Attempts);
