namespace AiCd.Web.Store;

/// <summary>What hooks are still to hear, and how far the journal was read for each of them.</summary>
public interface INotificationStore
{
    /// <summary>Where a hook stands in each shard; in one that it was never fed from, from now on at the given position.</summary>
    Task<IReadOnlyDictionary<int, long>> BeginNotifyingAsync(string hook, IReadOnlyDictionary<int, long> heads, CancellationToken cancellationToken);

    /// <summary>Keeps notifications and moves the hook's positions in one transaction. One that is there already, and a position that is further, stay.</summary>
    Task NotifyAsync(string hook, IReadOnlyList<Notification> notifications, IReadOnlyDictionary<int, long> positions, CancellationToken cancellationToken);

    /// <summary>Takes notifications of the hook that are due, and keeps others from taking them until then.</summary>
    Task<IReadOnlyList<Notification>> TakeNotificationsAsync(string hook, DateTimeOffset now, DateTimeOffset until, int limit, CancellationToken cancellationToken);

    Task NotifiedAsync(string id, DateTimeOffset at, string outcome, CancellationToken cancellationToken);

    /// <summary>It is tried again then.</summary>
    Task PostponeNotificationAsync(string id, DateTimeOffset next, string outcome, CancellationToken cancellationToken);

    Task GiveUpNotificationAsync(string id, DateTimeOffset at, string outcome, CancellationToken cancellationToken);

    /// <summary>What was given up, the last first.</summary>
    Task<IReadOnlyList<Notification>> ListFailedNotificationsAsync(int limit, CancellationToken cancellationToken);

    Task<Notification?> FindNotificationAsync(string id, CancellationToken cancellationToken);

    /// <summary>Makes a notification that was given up one that is due.</summary>
    /// <returns>False where there is no such one.</returns>
    Task<bool> RedriveNotificationAsync(string id, DateTimeOffset at, CancellationToken cancellationToken);

    /// <summary>Forgets what was delivered or given up before.</summary>
    Task<int> PruneNotificationsAsync(DateTimeOffset before, CancellationToken cancellationToken);
}

/// <summary>Something that a hook is told.</summary>
/// <param name="Id">Made of the event and the hook, so that nothing is kept twice.</param>
/// <param name="Body">What is sent, as it was when the event was read.</param>
/// <param name="Outcome">Of the last try.</param>
/// <param name="FailedAt">When it was given up.</param>
public sealed record Notification(
    string Id,
    string Hook,
    string Tenant,
    string Job,
    string Event,
    byte[] Body,
    DateTimeOffset CreatedAt,
    int Attempts = 0,
    string? Outcome = null,
    DateTimeOffset? FailedAt = null);
