namespace AiCd.Web.Store;

/// <summary>The audit log, deliveries, positions, and the keys that protect tokens.</summary>
internal sealed partial class SqlWebStore
{
    public Task AuditAsync(AuditEntry entry, CancellationToken cancellationToken) => database.ExecuteAsync(
        "insert into web_audit (at, tenant, who, what, target, origin, outcome) values (@At, @Tenant, @Who, @What, @Target, @Origin, @Outcome)",
        new { At = entry.At.ToUnixTimeMilliseconds(), entry.Tenant, entry.Who, entry.What, entry.Target, entry.Origin, entry.Outcome },
        cancellationToken);

    public async Task<IReadOnlyList<AuditEntry>> ListAuditAsync(string? tenant, long? before, int limit, CancellationToken cancellationToken)
    {
        var condition = tenant is null ? "" : " and tenant = @tenant";
        var rows = await database.QueryAsync<AuditRow>(
            "select number as Number, at as At, tenant as Tenant, who as Who, what as What, target as Target, origin as Origin, outcome as Outcome "
            + $"from web_audit where number < @before{condition} order by number desc limit @limit",
            new { tenant, before = before ?? long.MaxValue, limit },
            cancellationToken);
        return [.. rows.Select(row => new AuditEntry(
            row.Number, DateTimeOffset.FromUnixTimeMilliseconds(row.At), row.Tenant, row.Who, row.What, row.Target, row.Origin, row.Outcome))];
    }

    public async Task<bool> ReceiveAsync(Delivery delivery, CancellationToken cancellationToken) =>
        await database.ExecuteAsync(
            "insert into web_deliveries (id, event, body, received_at, next_at) values (@Id, @Event, @Body, @At, @At) on conflict do nothing",
            new { delivery.Id, delivery.Event, delivery.Body, At = delivery.ReceivedAt.ToUnixTimeMilliseconds() },
            cancellationToken) == 1;

    public async Task<IReadOnlyList<Delivery>> TakeDeliveriesAsync(DateTimeOffset now, DateTimeOffset until, int limit, CancellationToken cancellationToken)
    {
        // The condition is asked again on the row itself, so that of two that take at once one gets it.
        var rows = await database.QueryAsync<DeliveryRow>(
            "update web_deliveries set attempts = attempts + 1, next_at = @until where applied_at is null and next_at <= @now and id in "
            + "(select id from web_deliveries where applied_at is null and next_at <= @now order by next_at limit @limit) "
            + $"returning {DeliveryColumns}",
            new { now = now.ToUnixTimeMilliseconds(), until = until.ToUnixTimeMilliseconds(), limit },
            cancellationToken);
        return [.. rows.Select(row => row.ToDelivery()).OrderBy(delivery => delivery.ReceivedAt)];
    }

    public Task AppliedAsync(string id, string outcome, DateTimeOffset at, CancellationToken cancellationToken) => database.ExecuteAsync(
        "update web_deliveries set applied_at = @at, outcome = @outcome where id = @id and applied_at is null",
        new { id, outcome, at = at.ToUnixTimeMilliseconds() },
        cancellationToken);

    public async Task<Delivery?> FindDeliveryAsync(string id, CancellationToken cancellationToken) =>
        (await database.QueryAsync<DeliveryRow>($"select {DeliveryColumns} from web_deliveries where id = @id", new { id }, cancellationToken)).FirstOrDefault()?.ToDelivery();

    public Task<IReadOnlyList<DeliverySummary>> ListDeliveriesAsync(string? after, int limit, CancellationToken cancellationToken)
    {
        const string LastAt = "(select received_at from web_deliveries where id = @after)";
        return after is null
            ? ListDeliveriesAsync("1 = 1", new { limit }, cancellationToken)
            : ListDeliveriesAsync($"(received_at < {LastAt} or (received_at = {LastAt} and id > @after))", new { after, limit }, cancellationToken);
    }

    public Task<IReadOnlyList<DeliverySummary>> ListFailedDeliveriesAsync(int limit, CancellationToken cancellationToken) =>
        ListDeliveriesAsync("outcome like @given", new { given = Delivery.GivenUp + "%", limit }, cancellationToken);

    private async Task<IReadOnlyList<DeliverySummary>> ListDeliveriesAsync(string condition, object values, CancellationToken cancellationToken)
    {
        var rows = await database.QueryAsync<DeliverySummaryRow>(
            "select id as Id, event as Event, length(body) as Size, received_at as ReceivedAt, applied_at as AppliedAt, outcome as Outcome, attempts as Attempts "
            + $"from web_deliveries where {condition} order by received_at desc, id limit @limit",
            values,
            cancellationToken);
        return [.. rows.Select(row => new DeliverySummary(
            row.Id, row.Event, row.Size, DateTimeOffset.FromUnixTimeMilliseconds(row.ReceivedAt), Time(row.AppliedAt), row.Outcome, row.Attempts))];
    }

    public async Task<bool> RedeliverAsync(string id, DateTimeOffset at, CancellationToken cancellationToken) =>
        await database.ExecuteAsync(
            "update web_deliveries set applied_at = null, outcome = null, attempts = 0, next_at = @at where id = @id",
            new { id, at = at.ToUnixTimeMilliseconds() },
            cancellationToken) == 1;

    public async Task<DateTimeOffset?> FindPositionAsync(string source, CancellationToken cancellationToken) =>
        (await database.QueryAsync<long>("select position from web_positions where source = @source", new { source }, cancellationToken)) is [var position]
            ? DateTimeOffset.FromUnixTimeMilliseconds(position)
            : null;

    public Task MoveAsync(string source, DateTimeOffset position, CancellationToken cancellationToken) => database.ExecuteAsync(
        "insert into web_positions (source, position) values (@source, @position) "
        + "on conflict (source) do update set position = excluded.position where web_positions.position < excluded.position",
        new { source, position = position.ToUnixTimeMilliseconds() },
        cancellationToken);

    public async Task<IReadOnlyList<(string Name, string Xml)>> ListProtectionKeysAsync(CancellationToken cancellationToken) =>
        await database.QueryAsync<(string Name, string Xml)>("select name, xml from web_protection_keys order by name", null, cancellationToken);

    public Task AddProtectionKeyAsync(string name, string xml, CancellationToken cancellationToken) =>
        database.ExecuteAsync("insert into web_protection_keys (name, xml) values (@name, @xml) on conflict do nothing", new { name, xml }, cancellationToken);

    private const string DeliveryColumns =
        "id as Id, event as Event, body as Body, received_at as ReceivedAt, applied_at as AppliedAt, outcome as Outcome, attempts as Attempts";

    private sealed class AuditRow
    {
        public long Number { get; set; }

        public long At { get; set; }

        public string Tenant { get; set; } = "";

        public string Who { get; set; } = "";

        public string What { get; set; } = "";

        public string Target { get; set; } = "";

        public string Origin { get; set; } = "";

        public string Outcome { get; set; } = "";
    }

    private sealed class DeliveryRow
    {
        public string Id { get; set; } = "";

        public string Event { get; set; } = "";

        public byte[] Body { get; set; } = [];

        public long ReceivedAt { get; set; }

        public long? AppliedAt { get; set; }

        public string? Outcome { get; set; }

        public int Attempts { get; set; }

        public Delivery ToDelivery() => new(Id, Event, Body, DateTimeOffset.FromUnixTimeMilliseconds(ReceivedAt), Time(AppliedAt), Outcome, Attempts);
    }

    private sealed class DeliverySummaryRow
    {
        public string Id { get; set; } = "";

        public string Event { get; set; } = "";

        public long Size { get; set; }

        public long ReceivedAt { get; set; }

        public long? AppliedAt { get; set; }

        public string? Outcome { get; set; }

        public int Attempts { get; set; }
    }
}
