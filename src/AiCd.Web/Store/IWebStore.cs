namespace AiCd.Web.Store;

/// <summary>What the web keeps beside the jobs: tenants, keys, the audit log, deliveries of webhooks, keys that protect tokens.</summary>
public interface IWebStore : INotificationStore, IAsyncDisposable
{
    Task<Tenant?> FindTenantAsync(string tenant, CancellationToken cancellationToken);

    Task<IReadOnlyList<Tenant>> ListTenantsAsync(CancellationToken cancellationToken);

    /// <returns>False where the tenant is there already.</returns>
    Task<bool> AddTenantAsync(Tenant tenant, CancellationToken cancellationToken);

    /// <returns>False where there is no such tenant.</returns>
    Task<bool> UpdateTenantAsync(Tenant tenant, CancellationToken cancellationToken);

    Task AddKeyAsync(ApiKey key, CancellationToken cancellationToken);

    Task<ApiKey?> FindKeyAsync(string id, CancellationToken cancellationToken);

    /// <param name="tenant">Null for the keys of all tenants.</param>
    Task<IReadOnlyList<ApiKey>> ListKeysAsync(string? tenant, CancellationToken cancellationToken);

    /// <returns>False where there is no such key, or it was revoked before.</returns>
    Task<bool> RevokeKeyAsync(string id, DateTimeOffset at, CancellationToken cancellationToken);

    Task TouchKeyAsync(string id, DateTimeOffset at, CancellationToken cancellationToken);

    Task<bool> HasKeysAsync(CancellationToken cancellationToken);

    Task AuditAsync(AuditEntry entry, CancellationToken cancellationToken);

    /// <summary>Newest first.</summary>
    /// <param name="tenant">Null for all tenants.</param>
    /// <param name="before">Only entries before this number.</param>
    Task<IReadOnlyList<AuditEntry>> ListAuditAsync(string? tenant, long? before, int limit, CancellationToken cancellationToken);

    /// <summary>Durable when the task completes.</summary>
    /// <returns>False where a delivery of this id was received before.</returns>
    Task<bool> ReceiveAsync(Delivery delivery, CancellationToken cancellationToken);

    /// <summary>Takes deliveries that are not applied and due, and keeps others from taking them until then.</summary>
    Task<IReadOnlyList<Delivery>> TakeDeliveriesAsync(DateTimeOffset now, DateTimeOffset until, int limit, CancellationToken cancellationToken);

    Task AppliedAsync(string id, string outcome, DateTimeOffset at, CancellationToken cancellationToken);

    Task<Delivery?> FindDeliveryAsync(string id, CancellationToken cancellationToken);

    /// <summary>The last received first, without what they say.</summary>
    /// <param name="after">The last delivery of the page before.</param>
    Task<IReadOnlyList<DeliverySummary>> ListDeliveriesAsync(string? after, int limit, CancellationToken cancellationToken);

    /// <summary>Deliveries that were given up, the last received first.</summary>
    Task<IReadOnlyList<DeliverySummary>> ListFailedDeliveriesAsync(int limit, CancellationToken cancellationToken);

    /// <summary>Makes a delivery one that is still to be applied.</summary>
    /// <returns>False where there is no such delivery.</returns>
    Task<bool> RedeliverAsync(string id, DateTimeOffset at, CancellationToken cancellationToken);

    /// <returns>How far a source was heard, or null where nobody has listened yet.</returns>
    Task<DateTimeOffset?> FindPositionAsync(string source, CancellationToken cancellationToken);

    /// <summary>A position never moves back.</summary>
    Task MoveAsync(string source, DateTimeOffset position, CancellationToken cancellationToken);

    Task<IReadOnlyList<(string Name, string Xml)>> ListProtectionKeysAsync(CancellationToken cancellationToken);

    Task AddProtectionKeyAsync(string name, string xml, CancellationToken cancellationToken);
}

/// <param name="Id">In lower case; what jobs bear.</param>
/// <param name="Repositories">Addresses that its jobs may name; one that ends in <c>*</c> allows all that begin so.</param>
/// <param name="Installations">GitHub installations whose deliveries are the tenant's.</param>
public sealed record Tenant(
    string Id,
    string Name,
    IReadOnlyList<string> Repositories,
    IReadOnlyList<long> Installations,
    int? MaxConcurrentJobs,
    int? MaxJobsPerDay,
    long? MonthlyBudgetMicros,
    DateTimeOffset CreatedAt,
    bool Suspended)
{
    /// <summary>The tenant of an embedded node, and of whoever operates the installation.</summary>
    public const string Default = "default";
}

/// <param name="Id">Part of the key itself, and all of it that is ever shown.</param>
/// <param name="Hash">SHA-256 of the key in lower-case hex: the key is 256 random bits, which no dictionary holds.</param>
public sealed record ApiKey(
    string Id,
    string Tenant,
    string Name,
    string Hash,
    Access.Scopes Scopes,
    string CreatedBy,
    DateTimeOffset CreatedAt,
    DateTimeOffset? ExpiresAt = null,
    DateTimeOffset? RevokedAt = null,
    DateTimeOffset? LastUsedAt = null);

/// <summary>Who did what, when, to what and from where.</summary>
public sealed record AuditEntry(long Number, DateTimeOffset At, string Tenant, string Who, string What, string Target, string Origin, string Outcome);

/// <summary>A delivery of a webhook as it was received.</summary>
/// <param name="Id">The sender's GUID.</param>
public sealed record Delivery(
    string Id, string Event, byte[] Body, DateTimeOffset ReceivedAt, DateTimeOffset? AppliedAt = null, string? Outcome = null, int Attempts = 0)
{
    /// <summary>How the outcome of one begins that failed again and again.</summary>
    public const string GivenUp = "given up";

    public bool IsGivenUp => Outcome?.StartsWith(GivenUp, StringComparison.Ordinal) is true;

    public DeliverySummary Summary => new(Id, Event, Body.Length, ReceivedAt, AppliedAt, Outcome, Attempts);
}

/// <param name="Size">Of the body, in bytes.</param>
public sealed record DeliverySummary(
    string Id, string Event, long Size, DateTimeOffset ReceivedAt, DateTimeOffset? AppliedAt, string? Outcome, int Attempts);
