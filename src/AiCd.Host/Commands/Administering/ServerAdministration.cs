using AiCd.Host.Client;
using AiCd.Web.Administration;

namespace AiCd.Host.Commands.Administering;

/// <param name="api">Owned by the administration.</param>
internal sealed class ServerAdministration(ApiClient api) : IAdministration
{
    public async Task<IReadOnlyList<TenantDetails>> TenantsAsync(CancellationToken cancellationToken) =>
        (await AskAsync("Tenants", () => api.GetAsync<TenantList>("tenants", cancellationToken))).Items;

    public Task<TenantDetails> TenantAsync(string tenant, CancellationToken cancellationToken) =>
        AskAsync(Named(tenant), () => api.GetAsync<TenantDetails>(PathOf(tenant), cancellationToken));

    public Task<TenantDetails> AddTenantAsync(NewTenantRequest request, CancellationToken cancellationToken) =>
        AskAsync(Named(request.Id), () => api.PostAsync<TenantDetails>("tenants", request, key: null, cancellationToken));

    public Task<TenantDetails> UpdateTenantAsync(string tenant, TenantRequest request, CancellationToken cancellationToken) =>
        AskAsync(Named(tenant), () => api.PutAsync<TenantDetails>(PathOf(tenant), request, cancellationToken));

    public async Task<IReadOnlyList<KeyDetails>> KeysAsync(string? tenant, CancellationToken cancellationToken) =>
        (await AskAsync("Keys", () => api.GetAsync<KeyList>(tenant is null ? "keys" : $"keys?tenant={Uri.EscapeDataString(tenant)}", cancellationToken))).Items;

    public Task<NewKey> AddKeyAsync(NewKeyRequest request, CancellationToken cancellationToken) =>
        AskAsync($"Key {request.Name}", () => api.PostAsync<NewKey>("keys", request, key: null, cancellationToken));

    public Task RevokeKeyAsync(string key, CancellationToken cancellationToken) => AskAsync($"Key {key}", async () =>
    {
        await api.DeleteAsync($"keys/{Uri.EscapeDataString(key)}", cancellationToken);
        return true;
    });

    public ValueTask DisposeAsync()
    {
        api.Dispose();
        return ValueTask.CompletedTask;
    }

    private static string Named(string tenant) => $"Tenant {tenant}";

    private static string PathOf(string tenant) => $"tenants/{Uri.EscapeDataString(tenant)}";

    private static async Task<T> AskAsync<T>(string what, Func<Task<T>> ask)
    {
        try
        {
            return await ask();
        }
        catch (ApiException refused)
        {
            throw refused.About(what, AdministrationFields.Options);
        }
    }
}
