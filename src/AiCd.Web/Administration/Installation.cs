using AiCd.Web.Access;
using AiCd.Web.Jobs;
using AiCd.Web.Problems;
using AiCd.Web.Store;

namespace AiCd.Web.Administration;

/// <summary>Tenants and keys, for the API and the pages alike.</summary>
public sealed class Installation(IWebStore store, Keys keys, TimeProvider time)
{
    public async Task<IReadOnlyList<TenantDetails>> TenantsAsync(CancellationToken cancellationToken) =>
        [.. (await store.ListTenantsAsync(cancellationToken)).Select(Shown)];

    public async Task<TenantDetails> TenantAsync(string tenant, CancellationToken cancellationToken) =>
        Shown(await store.FindTenantAsync(tenant, cancellationToken) ?? throw ProblemException.NotFound("tenant"));

    public async Task<TenantDetails> AddTenantAsync(NewTenantRequest request, CancellationToken cancellationToken)
    {
        var id = request.Id is { Length: >= 1 and <= 40 } && request.Id.All(c => c is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '-')
            ? request.Id
            : throw ProblemException.Field("id", "1 to 40 lower-case letters, digits and hyphens", request.Id);
        var tenant = Read(
            id,
            new TenantRequest(request.Name ?? id, request.Repositories ?? [], request.Installations, request.MaxConcurrentJobs, request.MaxJobsPerDay, request.MonthlyBudget),
            time.GetUtcNow());
        return await store.AddTenantAsync(tenant, cancellationToken)
            ? Shown(tenant)
            : throw new ProblemException(ProblemType.Exists, $"There is a tenant {id} already", "id", "another id");
    }

    public async Task<TenantDetails> UpdateTenantAsync(string tenant, TenantRequest request, CancellationToken cancellationToken)
    {
        var old = await store.FindTenantAsync(tenant, cancellationToken) ?? throw ProblemException.NotFound("tenant");
        var changed = Read(old.Id, request, old.CreatedAt);
        return await store.UpdateTenantAsync(changed, cancellationToken) ? Shown(changed) : throw ProblemException.NotFound("tenant");
    }

    /// <param name="tenant">Null for the keys of all tenants.</param>
    public async Task<IReadOnlyList<KeyDetails>> KeysAsync(string? tenant, CancellationToken cancellationToken) =>
        [.. (await store.ListKeysAsync(tenant, cancellationToken)).Select(Shown)];

    public async Task<NewKey> AddKeyAsync(NewKeyRequest request, Caller caller, CancellationToken cancellationToken)
    {
        var name = FieldRules.Line("name", request.Name, 100);
        var tenant = request.Tenant ?? caller.Tenant;
        if (await store.FindTenantAsync(tenant, cancellationToken) is null)
        {
            throw ProblemException.NotFound("tenant");
        }

        if (request.ExpiresAt <= time.GetUtcNow())
        {
            throw ProblemException.Field("expiresAt", "a time that is still to come", request.ExpiresAt?.ToString("O"));
        }

        var (key, stored) = await keys.CreateAsync(tenant, name, ScopesOf(request.Scopes), request.ExpiresAt, caller.Who, cancellationToken);
        return new NewKey(key, Shown(stored));
    }

    public async Task RevokeKeyAsync(string key, CancellationToken cancellationToken)
    {
        if (!await keys.RevokeAsync(key, cancellationToken))
        {
            throw ProblemException.NotFound("valid key");
        }
    }

    private static Tenant Read(string id, TenantRequest request, DateTimeOffset createdAt) => new(
        id,
        FieldRules.Line("name", request.Name, 100),
        request.Repositories.Count <= 1_000
            ? [.. request.Repositories.Select((repository, i) => FieldRules.Line($"repositories[{i}]", repository, FieldRules.MaxAddress))]
            : throw ProblemException.Field("repositories", "at most 1000 addresses", null),
        request.Installations ?? [],
        request.MaxConcurrentJobs is { } concurrent ? FieldRules.Number("maxConcurrentJobs", concurrent, 0, 1_000_000) : null,
        request.MaxJobsPerDay is { } daily ? FieldRules.Number("maxJobsPerDay", daily, 0, 1_000_000) : null,
        request.MonthlyBudget is { } budget
            ? budget is >= 0 and <= Money.Most ? Money.ToMicros(budget) : throw ProblemException.Field("monthlyBudget", $"0 to {Money.Most} US dollars", null)
            : null,
        createdAt,
        request.Suspended);

    private static Scopes ScopesOf(IReadOnlyList<string> names)
    {
        var scopes = Scopes.None;
        foreach (var name in names)
        {
            scopes |= ScopeNames.TryParse(name, out var scope) ? scope : throw ProblemException.Field("scopes", ScopeNames.Expected, name);
        }

        return scopes is Scopes.None ? throw ProblemException.Field("scopes", $"one or more of {ScopeNames.Expected}", "none") : scopes;
    }

    private static TenantDetails Shown(Tenant tenant) => new(
        tenant.Id,
        tenant.Name,
        tenant.Repositories,
        tenant.Installations,
        tenant.MaxConcurrentJobs,
        tenant.MaxJobsPerDay,
        Money.Of(tenant.MonthlyBudgetMicros),
        tenant.Suspended,
        tenant.CreatedAt);

    private static KeyDetails Shown(ApiKey key) => new(
        key.Id, key.Tenant, key.Name, ScopeNames.List(key.Scopes), key.CreatedBy, key.CreatedAt, key.ExpiresAt, key.LastUsedAt, key.RevokedAt);
}
