using System.Collections.Concurrent;
using AiCd.Forge.GitHub.Api;

namespace AiCd.Forge.GitHub.Auth;

/// <summary>Tokens of installations: kept for their hour, replaced a while before it ends or when one was refused.</summary>
internal sealed class InstallationTokens(AppApi app, TimeProvider time)
{
    // Longer than any single use of a token takes, the push of a large branch apart.
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<TokenScope, Slot> _slots = new();

    /// <param name="renew">The token that was handed out last was refused.</param>
    public async Task<string> FindAsync(TokenScope scope, bool renew, CancellationToken cancellationToken)
    {
        var slot = _slots.GetOrAdd(scope, _ => new Slot());
        var refused = renew ? slot.Token : null;
        await slot.Gate.WaitAsync(cancellationToken);
        try
        {
            // Another one may have replaced the refused token meanwhile.
            if (slot.Token is { } token && token != refused && time.GetUtcNow() < slot.ExpiresAt - Margin)
            {
                return token;
            }

            var fresh = await app.CreateTokenAsync(scope, cancellationToken);
            (slot.Token, slot.ExpiresAt) = (fresh.Token, fresh.ExpiresAt);
            return fresh.Token;
        }
        finally
        {
            slot.Gate.Release();
        }
    }

    private sealed class Slot
    {
        public SemaphoreSlim Gate { get; } = new(1, 1);

        public string? Token { get; set; }

        public DateTimeOffset ExpiresAt { get; set; }
    }
}
