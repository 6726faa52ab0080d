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
    internal static async Task<Ok<TenantList>> ListTenants(Installation installation, CancellationToken cancellationToken) =>
        TypedResults.Ok(new TenantList(await installation.TenantsAsync(cancellationToken)));

    /// <summary>Makes a tenant. Without repositories it can submit nothing.</summary>
    internal static async Task<Created<TenantDetails>> AddTenant(NewTenantRequest request, Installation installation, CancellationToken cancellationToken)
    {
        var tenant = await installation.AddTenantAsync(request, cancellationToken);
        return TypedResults.Created($"/api/v1/tenants/{tenant.Id}", tenant);
    }

    /// <summary>Shows a tenant.</summary>
    internal static async Task<Ok<TenantDetails>> GetTenant(string tenant, Installation installation, CancellationToken cancellationToken) =>
        TypedResults.Ok(await installation.TenantAsync(tenant, cancellationToken));

    /// <summary>Changes a tenant's name, repositories and quotas, or suspends it.</summary>
    /// <remarks>The keys of a suspended tenant are valid nowhere after at most five seconds.</remarks>
    internal static async Task<Ok<TenantDetails>> UpdateTenant(string tenant, TenantRequest request, Installation installation, CancellationToken cancellationToken) =>
        TypedResults.Ok(await installation.UpdateTenantAsync(tenant, request, cancellationToken));

    /// <summary>Lists keys, without the keys themselves.</summary>
    internal static async Task<Ok<KeyList>> ListKeys(
        Installation installation, [Description("Only the keys of this tenant.")] string? tenant, CancellationToken cancellationToken) =>
        TypedResults.Ok(new KeyList(await installation.KeysAsync(tenant, cancellationToken)));

    /// <summary>Makes a key. It is shown this once.</summary>
    internal static async Task<Created<NewKey>> AddKey(NewKeyRequest request, Installation installation, Caller caller, CancellationToken cancellationToken)
    {
        var made = await installation.AddKeyAsync(request, caller, cancellationToken);
        return TypedResults.Created($"/api/v1/keys/{made.Details.Id}", made);
    }

    /// <summary>Revokes a key. It is valid on no node after at most five seconds.</summary>
    internal static async Task<NoContent> RevokeKey(string key, Installation installation, CancellationToken cancellationToken)
    {
        await installation.RevokeKeyAsync(key, cancellationToken);
        return TypedResults.NoContent();
    }

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
}
