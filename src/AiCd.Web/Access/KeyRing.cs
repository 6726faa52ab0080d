using System.Collections.Concurrent;
using AiCd.Web.Store;
using Microsoft.Extensions.Logging;

namespace AiCd.Web.Access;

/// <summary>
/// Finds the caller behind a key. What the store says is believed for a short while, so that a revocation takes effect on every node
/// within five seconds and a request costs no question to the store.
/// </summary>
public sealed class KeyRing(IWebStore store, TimeProvider time, ILogger<KeyRing> logger)
{
    private const int MaxKnown = 10_000;

    private static readonly TimeSpan Belief = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan NotedEvery = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, Known> _known = new();

    /// <returns>Null where the key is not valid now.</returns>
    public async Task<Caller?> FindAsync(string key, CancellationToken cancellationToken) =>
        KeySecret.IdOf(key) is { } id && await KnownAsync(id, cancellationToken) is { Key: { } stored } known && KeySecret.Matches(key, stored.Hash)
            ? await CallerOfAsync(known, stored, cancellationToken)
            : null;

    /// <summary>For a session that a key opened before: it lasts no longer than the key.</summary>
    public async Task<Caller?> FindByIdAsync(string id, CancellationToken cancellationToken) =>
        await KnownAsync(id, cancellationToken) is { Key: { } stored } known ? await CallerOfAsync(known, stored, cancellationToken) : null;

    /// <summary>Forgets what is believed, on this node.</summary>
    public void Forget(string id) => _known.TryRemove(id, out _);

    private async Task<Known> KnownAsync(string id, CancellationToken cancellationToken)
    {
        if (_known.TryGetValue(id, out var known) && time.GetElapsedTime(known.At) < Belief)
        {
            return known;
        }

        var at = time.GetTimestamp();
        var key = await store.FindKeyAsync(id, cancellationToken);
        var tenant = key is null ? null : await store.FindTenantAsync(key.Tenant, cancellationToken);
        if (_known.Count >= MaxKnown)
        {
            _known.Clear();
        }

        var fresh = new Known(tenant is { Suspended: false } ? key : null, at);
        _known[id] = fresh;
        return fresh;
    }

    private async Task<Caller?> CallerOfAsync(Known known, ApiKey key, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (key.RevokedAt is not null || key.ExpiresAt <= now)
        {
            return null;
        }

        if ((key.LastUsedAt is null || now - key.LastUsedAt >= NotedEvery) && known.TryNote())
        {
            await NoteAsync(key.Id, now, cancellationToken);
        }

        return new Caller(key.Id, key.Name, key.Tenant, key.Scopes);
    }

    private async Task NoteAsync(string id, DateTimeOffset now, CancellationToken cancellationToken)
    {
        try
        {
            await store.TouchKeyAsync(id, now, cancellationToken);
        }
        catch (Actors.Journal.JournalException error)
        {
            WebLog.KeyUseNotNoted(logger, error);
        }
    }

    private sealed class Known(ApiKey? key, long at)
    {
        private int _noted;

        public ApiKey? Key { get; } = key;

        public long At { get; } = at;

        /// <summary>Once for each time that the store was asked.</summary>
        public bool TryNote() => Interlocked.Exchange(ref _noted, 1) == 0;
    }
}
