using AiCd.Web.Access;
using AiCd.Web.Store;

namespace AiCd.Web.Administration;

/// <summary>Makes keys. The key itself is given out once and kept nowhere.</summary>
public sealed class Keys(IWebStore store, KeyRing ring, TimeProvider time)
{
    public async Task<(string Key, ApiKey Stored)> CreateAsync(
        string tenant, string name, Scopes scopes, DateTimeOffset? expiresAt, string createdBy, CancellationToken cancellationToken)
    {
        var (id, key) = KeySecret.Create();
        var created = DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds());
        var stored = new ApiKey(id, tenant, name, KeySecret.Hash(key), scopes, createdBy, created, expiresAt);
        await store.AddKeyAsync(stored, cancellationToken);
        return (key, stored);
    }

    /// <returns>False where there is no such key, or it was revoked before.</returns>
    public async Task<bool> RevokeAsync(string id, CancellationToken cancellationToken)
    {
        var revoked = await store.RevokeKeyAsync(id, time.GetUtcNow(), cancellationToken);
        ring.Forget(id);
        return revoked;
    }
}
