using AiCd.Web.Administration;

namespace AiCd.Host.Commands.Administering;

/// <summary>Tenants and keys, of a server or of a store.</summary>
internal interface IAdministration : IAsyncDisposable
{
    Task<IReadOnlyList<TenantDetails>> TenantsAsync(CancellationToken cancellationToken);

    Task<TenantDetails> TenantAsync(string tenant, CancellationToken cancellationToken);

    Task<TenantDetails> AddTenantAsync(NewTenantRequest request, CancellationToken cancellationToken);

    Task<TenantDetails> UpdateTenantAsync(string tenant, TenantRequest request, CancellationToken cancellationToken);

    /// <param name="tenant">Null for the keys of all tenants.</param>
    Task<IReadOnlyList<KeyDetails>> KeysAsync(string? tenant, CancellationToken cancellationToken);

    Task<NewKey> AddKeyAsync(NewKeyRequest request, CancellationToken cancellationToken);

    Task RevokeKeyAsync(string key, CancellationToken cancellationToken);
}
