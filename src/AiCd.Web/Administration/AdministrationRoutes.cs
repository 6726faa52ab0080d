using System.ComponentModel;
using AiCd.Web.Access;
using AiCd.Web.Jobs;
using AiCd.Web.OpenApi;
using AiCd.Web.Problems;
using AiCd.Web.Store;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace AiCd.Web.Administration;

/// <summary>Tenants, keys and the audit log, for those who administer the installation.</summary>
internal static class AdministrationRoutes
{
    public static void MapAdministration(this RouteGroupBuilder api)
    {
        var admin = api.MapGroup("").WithTags("Administration").Requires(Scopes.Admin);
        admin.MapGet("/tenants", ListTenants).WithName("listTenants");
        admin.MapPost("/tenants", AddTenant).WithName("addTenant").Audited("tenant.add").Problems(ProblemType.Exists).ExampleBody(Examples.NewTenant);
        admin.MapGet("/tenants/{tenant}", GetTenant).WithName("getTenant").Problems(ProblemType.NotFound);
        admin.MapPut("/tenants/{tenant}", UpdateTenant).WithName("updateTenant").Audited("tenant.update").Problems(ProblemType.NotFound).ExampleBody(Examples.Tenant);
        admin.MapGet("/keys", ListKeys).WithName("listKeys");
        admin.MapPost("/keys", AddKey).WithName("addKey").Audited("key.add").Problems(ProblemType.NotFound).ExampleBody(Examples.NewKey);
        admin.MapDelete("/keys/{key}", RevokeKey).WithName("revokeKey").Audited("key.revoke").Problems(ProblemType.NotFound);
        admin.MapGet("/audit", ListAudit).WithName("listAudit");
    }

    /// <summary>Lists tenants.</summary>
    internal static async Task<Ok<TenantList>> ListTenants(IWebStore store, CancellationToken cancellationToken) =>
        TypedResults.Ok(new TenantList([.. (await store.ListTenantsAsync(cancellationToken)).Select(Shown)]));

    /// <summary>Makes a tenant. Without repositories it can submit nothing.</summary>
    internal static async Task<Created<TenantDetails>> AddTenant(NewTenantRequest request, IWebStore store, TimeProvider time, CancellationToken cancellationToken)
    {
        var id = request.Id is { Length: >= 1 and <= 40 } && request.Id.All(c => c is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '-')
            ? request.Id
            : throw ProblemException.Field("id", "1 to 40 lower-case letters, digits and hyphens", request.Id);
        var tenant = Read(
            id,
            new TenantRequest(request.Name ?? id, request.Repositories ?? [], request.Installations, request.MaxConcurrentJobs, request.MaxJobsPerDay, request.MonthlyBudget),
            time.GetUtcNow());
        return await store.AddTenantAsync(tenant, cancellationToken)
            ? TypedResults.Created($"/api/v1/tenants/{id}", Shown(tenant))
            : throw new ProblemException(ProblemType.Exists, $"There is a tenant {id} already", "id", "another id");
    }

    /// <summary>Shows a tenant.</summary>
    internal static async Task<Ok<TenantDetails>> GetTenant(string tenant, IWebStore store, CancellationToken cancellationToken) =>
        TypedResults.Ok(Shown(await store.FindTenantAsync(tenant, cancellationToken) ?? throw ProblemException.NotFound("tenant")));

    /// <summary>Changes a tenant's name, repositories and quotas, or suspends it.</summary>
    /// <remarks>The keys of a suspended tenant are valid nowhere after at most five seconds.</remarks>
    internal static async Task<Ok<TenantDetails>> UpdateTenant(string tenant, TenantRequest request, IWebStore store, CancellationToken cancellationToken)
    {
        var old = await store.FindTenantAsync(tenant, cancellationToken) ?? throw ProblemException.NotFound("tenant");
        var changed = Read(old.Id, request, old.CreatedAt);
        return await store.UpdateTenantAsync(changed, cancellationToken) ? TypedResults.Ok(Shown(changed)) : throw ProblemException.NotFound("tenant");
    }

    /// <summary>Lists keys, without the keys themselves.</summary>
    internal static async Task<Ok<KeyList>> ListKeys(
        IWebStore store, [Description("Only the keys of this tenant.")] string? tenant, CancellationToken cancellationToken) =>
        TypedResults.Ok(new KeyList([.. (await store.ListKeysAsync(tenant, cancellationToken)).Select(Shown)]));

    /// <summary>Makes a key. It is shown this once.</summary>
    internal static async Task<Created<NewKey>> AddKey(NewKeyRequest request, Keys keys, IWebStore store, Caller caller, TimeProvider time, CancellationToken cancellationToken)
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
        return TypedResults.Created($"/api/v1/keys/{stored.Id}", new NewKey(key, Shown(stored)));
    }

    /// <summary>Revokes a key. It is valid on no node after at most five seconds.</summary>
    internal static async Task<NoContent> RevokeKey(string key, Keys keys, CancellationToken cancellationToken) =>
        await keys.RevokeAsync(key, cancellationToken) ? TypedResults.NoContent() : throw ProblemException.NotFound("valid key");

    /// <summary>Lists what was done, newest first.</summary>
    internal static async Task<Ok<AuditPage>> ListAudit(
        IWebStore store,
        [Description("Only what was done in this tenant's name.")] string? tenant,
        [Description("`next` of the page before.")] long? before,
        [Description("From 1 to 1000; 100 by default.")] int? limit,
        CancellationToken cancellationToken)
    {
        var size = FieldRules.Number("limit", limit ?? 100, 1, 1_000);
        var entries = await store.ListAuditAsync(tenant, before, size, cancellationToken);
        return TypedResults.Ok(new AuditPage(
            [.. entries.Select(entry => new AuditEntryDetails(entry.Number, entry.At, entry.Tenant, entry.Who, entry.What, entry.Target, entry.Origin, entry.Outcome))],
            entries.Count == size ? entries[^1].Number : null));
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
