using System.Net.Http.Headers;

namespace AiCd.Forge.GitHub.Auth;

/// <summary>An installation of the App, narrowed to one repository and what is needed there.</summary>
internal sealed class InstallationAccess(InstallationTokens tokens, TokenScope scope) : IGitHubAccess
{
    public string Key => $"installation:{scope.Installation}";

    public string Realm => scope.Repository?.ToString().ToLowerInvariant() ?? "";

    public bool IsRenewable => true;

    public async Task<AuthenticationHeaderValue?> HeaderAsync(bool renew, CancellationToken cancellationToken) =>
        new("Bearer", await tokens.FindAsync(scope, renew, cancellationToken));
}
