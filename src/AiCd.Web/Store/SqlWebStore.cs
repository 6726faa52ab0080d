using System.Globalization;
using AiCd.Web.Access;

namespace AiCd.Web.Store;

/// <summary>Tenants and keys, in statements that SQLite and PostgreSQL both understand.</summary>
internal sealed partial class SqlWebStore(WebDatabase database) : IWebStore
{
    private const string TenantColumns =
        "tenant as Id, name as Name, repositories as Repositories, installations as Installations, max_concurrent_jobs as MaxConcurrentJobs, "
        + "max_jobs_per_day as MaxJobsPerDay, monthly_budget_micros as MonthlyBudgetMicros, created_at as CreatedAt, suspended as Suspended";

    private const string KeyColumns =
        "id as Id, tenant as Tenant, name as Name, hash as Hash, scopes as Scopes, created_by as CreatedBy, created_at as CreatedAt, "
        + "expires_at as ExpiresAt, revoked_at as RevokedAt, last_used_at as LastUsedAt";

    public async Task<Tenant?> FindTenantAsync(string tenant, CancellationToken cancellationToken) =>
        (await database.QueryAsync<TenantRow>($"select {TenantColumns} from web_tenants where tenant = @tenant", new { tenant }, cancellationToken))
        .FirstOrDefault()?.ToTenant();

    public async Task<IReadOnlyList<Tenant>> ListTenantsAsync(CancellationToken cancellationToken) =>
        [.. (await database.QueryAsync<TenantRow>($"select {TenantColumns} from web_tenants order by tenant", null, cancellationToken)).Select(row => row.ToTenant())];

    public async Task<bool> AddTenantAsync(Tenant tenant, CancellationToken cancellationToken) =>
        await database.ExecuteAsync(
            "insert into web_tenants (tenant, name, repositories, installations, max_concurrent_jobs, max_jobs_per_day, monthly_budget_micros, created_at, suspended) "
            + "values (@Id, @Name, @Repositories, @Installations, @MaxConcurrentJobs, @MaxJobsPerDay, @MonthlyBudgetMicros, @CreatedAt, @Suspended) on conflict do nothing",
            TenantRow.Of(tenant),
            cancellationToken) == 1;

    public async Task<bool> UpdateTenantAsync(Tenant tenant, CancellationToken cancellationToken) =>
        await database.ExecuteAsync(
            "update web_tenants set name = @Name, repositories = @Repositories, installations = @Installations, max_concurrent_jobs = @MaxConcurrentJobs, "
            + "max_jobs_per_day = @MaxJobsPerDay, monthly_budget_micros = @MonthlyBudgetMicros, suspended = @Suspended where tenant = @Id",
            TenantRow.Of(tenant),
            cancellationToken) == 1;

    public Task AddKeyAsync(ApiKey key, CancellationToken cancellationToken) => database.ExecuteAsync(
        "insert into web_keys (id, tenant, name, hash, scopes, created_by, created_at, expires_at) "
        + "values (@Id, @Tenant, @Name, @Hash, @Scopes, @CreatedBy, @CreatedAt, @ExpiresAt)",
        new
        {
            key.Id,
            key.Tenant,
            key.Name,
            key.Hash,
            Scopes = ScopeNames.Text(key.Scopes),
            key.CreatedBy,
            CreatedAt = key.CreatedAt.ToUnixTimeMilliseconds(),
            ExpiresAt = key.ExpiresAt?.ToUnixTimeMilliseconds(),
        },
        cancellationToken);

    public async Task<ApiKey?> FindKeyAsync(string id, CancellationToken cancellationToken) =>
        (await database.QueryAsync<KeyRow>($"select {KeyColumns} from web_keys where id = @id", new { id }, cancellationToken)).FirstOrDefault()?.ToKey();

    public async Task<IReadOnlyList<ApiKey>> ListKeysAsync(string? tenant, CancellationToken cancellationToken)
    {
        var condition = tenant is null ? "" : " where tenant = @tenant";
        var rows = await database.QueryAsync<KeyRow>($"select {KeyColumns} from web_keys{condition} order by tenant, created_at, id", new { tenant }, cancellationToken);
        return [.. rows.Select(row => row.ToKey())];
    }

    public async Task<bool> RevokeKeyAsync(string id, DateTimeOffset at, CancellationToken cancellationToken) =>
        await database.ExecuteAsync(
            "update web_keys set revoked_at = @at where id = @id and revoked_at is null", new { id, at = at.ToUnixTimeMilliseconds() }, cancellationToken) == 1;

    public Task TouchKeyAsync(string id, DateTimeOffset at, CancellationToken cancellationToken) =>
        database.ExecuteAsync("update web_keys set last_used_at = @at where id = @id", new { id, at = at.ToUnixTimeMilliseconds() }, cancellationToken);

    public async Task<bool> HasKeysAsync(CancellationToken cancellationToken) =>
        (await database.QueryAsync<long>("select count(*) from web_keys where revoked_at is null", null, cancellationToken))[0] > 0;

    public ValueTask DisposeAsync() => database.DisposeAsync();

    private static DateTimeOffset? Time(long? milliseconds) => milliseconds is { } value ? DateTimeOffset.FromUnixTimeMilliseconds(value) : null;

    private sealed class TenantRow
    {
        public string Id { get; set; } = "";

        public string Name { get; set; } = "";

        public string Repositories { get; set; } = "";

        public string Installations { get; set; } = "";

        public int? MaxConcurrentJobs { get; set; }

        public int? MaxJobsPerDay { get; set; }

        public long? MonthlyBudgetMicros { get; set; }

        public long CreatedAt { get; set; }

        public bool Suspended { get; set; }

        public static TenantRow Of(Tenant tenant) => new()
        {
            Id = tenant.Id,
            Name = tenant.Name,
            Repositories = string.Join('\n', tenant.Repositories),
            Installations = string.Join('\n', tenant.Installations.Select(id => id.ToString(CultureInfo.InvariantCulture))),
            MaxConcurrentJobs = tenant.MaxConcurrentJobs,
            MaxJobsPerDay = tenant.MaxJobsPerDay,
            MonthlyBudgetMicros = tenant.MonthlyBudgetMicros,
            CreatedAt = tenant.CreatedAt.ToUnixTimeMilliseconds(),
            Suspended = tenant.Suspended,
        };

        public Tenant ToTenant() => new(
            Id,
            Name,
            Lines(Repositories),
            [.. Lines(Installations).Select(id => long.Parse(id, CultureInfo.InvariantCulture))],
            MaxConcurrentJobs,
            MaxJobsPerDay,
            MonthlyBudgetMicros,
            DateTimeOffset.FromUnixTimeMilliseconds(CreatedAt),
            Suspended);

        private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private sealed class KeyRow
    {
        public string Id { get; set; } = "";

        public string Tenant { get; set; } = "";

        public string Name { get; set; } = "";

        public string Hash { get; set; } = "";

        public string Scopes { get; set; } = "";

        public string CreatedBy { get; set; } = "";

        public long CreatedAt { get; set; }

        public long? ExpiresAt { get; set; }

        public long? RevokedAt { get; set; }

        public long? LastUsedAt { get; set; }

        public ApiKey ToKey() => new(
            Id,
            Tenant,
            Name,
            Hash,
            ScopeNames.Parse(Scopes),
            CreatedBy,
            DateTimeOffset.FromUnixTimeMilliseconds(CreatedAt),
            Time(ExpiresAt),
            Time(RevokedAt),
            Time(LastUsedAt));
    }
}
