using System.Net.Http.Headers;

namespace AiCd.Forge.GitHub.Auth;

/// <summary>The App itself: it may find its installations and ask for their tokens.</summary>
internal sealed class AppAccess(GitHubOptions options, TimeProvider time) : IGitHubAccess
{
    private readonly Lazy<AppKey> _key = new(() => AppKey.Load(options));

    public string Key => "app";

    public string Realm => "";

    public bool IsRenewable => false;

    public Task<AuthenticationHeaderValue?> HeaderAsync(bool renew, CancellationToken cancellationToken) =>
        Task.FromResult<AuthenticationHeaderValue?>(new AuthenticationHeaderValue("Bearer", _key.Value.Sign(options.ClientId, time.GetUtcNow())));
}
