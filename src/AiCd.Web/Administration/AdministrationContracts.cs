using System.ComponentModel;

namespace AiCd.Web.Administration;

/// <summary>A tenant as it is managed.</summary>
public sealed record TenantDetails(
    string Id,
    string Name,
    [property: Description("Addresses that its jobs may name; one that ends in `*` allows all that begin so.")] IReadOnlyList<string> Repositories,
    [property: Description("GitHub installations whose deliveries are the tenant's.")] IReadOnlyList<long> Installations,
    int? MaxConcurrentJobs,
    int? MaxJobsPerDay,
    [property: Description("In US dollars.")] decimal? MonthlyBudget,
    bool Suspended,
    DateTimeOffset CreatedAt);

public sealed record TenantList(IReadOnlyList<TenantDetails> Items);

/// <summary>A tenant to be made.</summary>
public sealed record NewTenantRequest(
    [property: Description("1 to 40 lower-case letters, digits and hyphens.")] string Id,
    string? Name = null,
    IReadOnlyList<string>? Repositories = null,
    IReadOnlyList<long>? Installations = null,
    int? MaxConcurrentJobs = null,
    int? MaxJobsPerDay = null,
    decimal? MonthlyBudget = null);

/// <summary>What a tenant is to be from now on.</summary>
public sealed record TenantRequest(
    string Name,
    IReadOnlyList<string> Repositories,
    IReadOnlyList<long>? Installations = null,
    int? MaxConcurrentJobs = null,
    int? MaxJobsPerDay = null,
    decimal? MonthlyBudget = null,
    bool Suspended = false);

/// <summary>A key as it is shown: never the key itself.</summary>
public sealed record KeyDetails(
    [property: Description("The part of the key that follows `aicd_`.")] string Id,
    string Tenant,
    string Name,
    IReadOnlyList<string> Scopes,
    string CreatedBy,
    DateTimeOffset CreatedAt,
    DateTimeOffset? ExpiresAt,
    DateTimeOffset? LastUsedAt,
    DateTimeOffset? RevokedAt);

public sealed record KeyList(IReadOnlyList<KeyDetails> Items);

/// <summary>A key to be made.</summary>
public sealed record NewKeyRequest(
    [property: Description("Who or what it is for; histories name it.")] string Name,
    [property: Description("`read`, `write`, `operate`, `admin`.")] IReadOnlyList<string> Scopes,
    [property: Description("By default the caller's.")] string? Tenant = null,
    DateTimeOffset? ExpiresAt = null);

/// <summary>A key that was made.</summary>
public sealed record NewKey([property: Description("Shown this once.")] string Key, KeyDetails Details);

public sealed record AuditEntryDetails(long Number, DateTimeOffset At, string Tenant, string Who, string What, string Target, string Origin, string Outcome);

public sealed record AuditPage(IReadOnlyList<AuditEntryDetails> Items, [property: Description("For the next page; missing on the last.")] long? Next);
