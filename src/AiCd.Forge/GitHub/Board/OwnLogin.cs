using AiCd.Forge.GitHub.Api;
using AiCd.Forge.GitHub.Auth;

namespace AiCd.Forge.GitHub.Board;

/// <summary>The name under which AiCd itself comments.</summary>
internal sealed class OwnLogin(GitHubAccesses accesses, AppApi app, RepositoryApi api, TokenAccess token)
{
    private volatile string? _login;

    public async Task<string> FindAsync(CancellationToken cancellationToken) => _login ??= accesses.UsesApp
        ? $"{(await app.GetAsync(cancellationToken)).Slug}[bot]"
        : (await api.GetUserAsync(token, cancellationToken)).Login ?? "";
}
