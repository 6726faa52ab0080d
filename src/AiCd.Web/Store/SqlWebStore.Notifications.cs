namespace AiCd.Web.Store;

/// <summary>Notifications, from the journal to those who hear them.</summary>
internal sealed partial class SqlWebStore
{
    private const string NotificationColumns =
        "id as Id, hook as Hook, tenant as Tenant, job_id as Job, event as Event, body as Body, created_at as CreatedAt, attempts as Attempts, outcome as Outcome, failed_at as FailedAt";

    public async Task<IReadOnlyDictionary<int, long>> BeginNotifyingAsync(string hook, IReadOnlyDictionary<int, long> heads, CancellationToken cancellationToken)
    {
        await database.ExecuteAllAsync(
            [.. heads.Select(head => (
                "insert into web_notification_cursors (hook, shard, position) values (@hook, @Shard, @Position) on conflict do nothing",
                (object)new { hook, Shard = head.Key, Position = head.Value }))],
            cancellationToken);
        var rows = await database.QueryAsync<(int Shard, long Position)>(
            "select shard, position from web_notification_cursors where hook = @hook", new { hook }, cancellationToken);
        return rows.ToDictionary(row => row.Shard, row => row.Position);
    }

    public Task NotifyAsync(string hook, IReadOnlyList<Notification> notifications, IReadOnlyDictionary<int, long> positions, CancellationToken cancellationToken) =>
        database.ExecuteAllAsync(
            [
                .. notifications.Select(notification => (
                    "insert into web_notifications (id, hook, tenant, job_id, event, body, created_at, next_at) "
                    + "values (@Id, @Hook, @Tenant, @Job, @Event, @Body, @At, @At) on conflict do nothing",
                    (object)new
                    {
                        notification.Id,
                        notification.Hook,
                        notification.Tenant,
                        notification.Job,
                        notification.Event,
                        notification.Body,
                        At = notification.CreatedAt.ToUnixTimeMilliseconds(),
                    })),
                .. positions.OrderBy(position => position.Key).Select(position => (
                    "update web_notification_cursors set position = @Position where hook = @hook and shard = @Shard and position < @Position",
                    (object)new { hook, Shard = position.Key, Position = position.Value })),
            ],
            cancellationToken);

    public async Task<IReadOnlyList<Notification>> TakeNotificationsAsync(
        string hook, DateTimeOffset now, DateTimeOffset until, int limit, CancellationToken cancellationToken)
    {
        // The condition is asked again on the row itself, so that of two that take at once one gets it.
        const string Due = "hook = @hook and done_at is null and failed_at is null and next_at <= @now";
        var rows = await database.QueryAsync<NotificationRow>(
            $"update web_notifications set attempts = attempts + 1, next_at = @until where {Due} and id in "
            + $"(select id from web_notifications where {Due} order by next_at, id limit @limit) returning {NotificationColumns}",
            new { hook, now = now.ToUnixTimeMilliseconds(), until = until.ToUnixTimeMilliseconds(), limit },
            cancellationToken);
        return [.. rows.Select(row => row.ToNotification()).OrderBy(notification => notification.CreatedAt).ThenBy(notification => notification.Id, StringComparer.Ordinal)];
    }

    public Task NotifiedAsync(string id, DateTimeOffset at, string outcome, CancellationToken cancellationToken) =>
        database.ExecuteAsync(
            "update web_notifications set done_at = @at, failed_at = null, outcome = @outcome where id = @id",
            new { id, outcome, at = at.ToUnixTimeMilliseconds() },
            cancellationToken);

    public Task PostponeNotificationAsync(string id, DateTimeOffset next, string outcome, CancellationToken cancellationToken) =>
        database.ExecuteAsync(
            "update web_notifications set next_at = @next, outcome = @outcome where id = @id and done_at is null",
            new { id, outcome, next = next.ToUnixTimeMilliseconds() },
            cancellationToken);

    public Task GiveUpNotificationAsync(string id, DateTimeOffset at, string outcome, CancellationToken cancellationToken) =>
        database.ExecuteAsync(
            "update web_notifications set failed_at = @at, outcome = @outcome where id = @id and done_at is null",
            new { id, outcome, at = at.ToUnixTimeMilliseconds() },
            cancellationToken);

    public async Task<IReadOnlyList<Notification>> ListFailedNotificationsAsync(int limit, CancellationToken cancellationToken)
    {
        var rows = await database.QueryAsync<NotificationRow>(
            $"select {NotificationColumns} from web_notifications where failed_at is not null order by failed_at desc, id limit @limit", new { limit }, cancellationToken);
        return [.. rows.Select(row => row.ToNotification())];
    }

    public async Task<Notification?> FindNotificationAsync(string id, CancellationToken cancellationToken) =>
        (await database.QueryAsync<NotificationRow>($"select {NotificationColumns} from web_notifications where id = @id", new { id }, cancellationToken)).FirstOrDefault()?.ToNotification();

    public async Task<bool> RedriveNotificationAsync(string id, DateTimeOffset at, CancellationToken cancellationToken) =>
        await database.ExecuteAsync(
            "update web_notifications set failed_at = null, attempts = 0, next_at = @at where id = @id and failed_at is not null",
            new { id, at = at.ToUnixTimeMilliseconds() },
            cancellationToken) == 1;

    public Task<int> PruneNotificationsAsync(DateTimeOffset before, CancellationToken cancellationToken) =>
        database.ExecuteAsync("delete from web_notifications where done_at < @before or failed_at < @before", new { before = before.ToUnixTimeMilliseconds() }, cancellationToken);

    private sealed class NotificationRow
    {
        public string Id { get; set; } = "";

        public string Hook { get; set; } = "";

        public string Tenant { get; set; } = "";

        public string Job { get; set; } = "";

        public string Event { get; set; } = "";

        public byte[] Body { get; set; } = [];

        public long CreatedAt { get; set; }

        public int Attempts { get; set; }

        public string? Outcome { get; set; }

        public long? FailedAt { get; set; }

        public Notification ToNotification() =>
            new(Id, Hook, Tenant, Job, Event, Body, DateTimeOffset.FromUnixTimeMilliseconds(CreatedAt), Attempts, Outcome, Time(FailedAt));
    }
}
