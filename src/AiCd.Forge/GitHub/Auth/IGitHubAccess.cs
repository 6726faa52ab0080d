using System.Net.Http.Headers;

namespace AiCd.Forge.GitHub.Auth;

/// <summary>As whom a request is sent.</summary>
internal interface IGitHubAccess
{
    /// <summary>Whose limits it counts against.</summary>
    string Key { get; }

    /// <summary>What it may see: answers are not shared beyond.</summary>
    string Realm { get; }

    /// <summary>Whether a refused token can be replaced by a fresh one.</summary>
    bool IsRenewable { get; }

    /// <param name="renew">The last token was refused.</param>
    Task<AuthenticationHeaderValue?> HeaderAsync(bool renew, CancellationToken cancellationToken);
}
