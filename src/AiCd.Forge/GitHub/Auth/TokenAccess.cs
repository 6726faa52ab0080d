using System.Net.Http.Headers;

namespace AiCd.Forge.GitHub.Auth;

/// <summary>A personal token; without one, a stranger who may read what is public.</summary>
internal sealed class TokenAccess(GitHubOptions options) : IGitHubAccess
{
    public string Key => "token";

    public string Realm => "";

    public bool IsRenewable => false;

    public Task<AuthenticationHeaderValue?> HeaderAsync(bool renew, CancellationToken cancellationToken) =>
        Task.FromResult(options.Token.Length == 0 ? null : new AuthenticationHeaderValue("Bearer", options.Token));
}
