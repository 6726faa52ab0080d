using System.Globalization;
using AiCd.Forge.GitHub.Auth;
using AiCd.Forge.GitHub.Http;

namespace AiCd.Forge.GitHub.Api;

/// <summary>What the App asks in its own name.</summary>
internal sealed class AppApi(ApiCalls calls, AppAccess app)
{
    /// <exception cref="GitHubRefusedException">The App is not installed there.</exception>
    public Task<InstallationBody> FindInstallationAsync(RepositoryName repository, CancellationToken cancellationToken) =>
        calls.GetAsync(app, $"repos/{repository}/installation", GitHubJson.Default.InstallationBody, cancellationToken);

    public Task<List<InstallationBody>> ListInstallationsAsync(CancellationToken cancellationToken) =>
        calls.ListAsync(app, "app/installations", GitHubJson.Default.ListInstallationBody, cancellationToken);

    public Task<AppBody> GetAsync(CancellationToken cancellationToken) => calls.GetAsync(app, "app", GitHubJson.Default.AppBody, cancellationToken);

    public async Task<TokenBody> CreateTokenAsync(TokenScope scope, CancellationToken cancellationToken)
    {
        var path = string.Create(CultureInfo.InvariantCulture, $"app/installations/{scope.Installation}");
        var granted = await calls.GetAsync(app, path, GitHubJson.Default.InstallationBody, cancellationToken);
        var body = new NewToken(
            scope.Repository is { } repository ? [repository.Name] : null, TokenPermissions.For(scope.Use, granted.Permissions));
        return await calls.SendAsync(
            app, new GitHubRequest(HttpMethod.Post, $"{path}/access_tokens") { TakesTurn = false }, body, GitHubJson.Default.NewToken, GitHubJson.Default.TokenBody, cancellationToken);
    }

    /// <summary>The deliveries of the App's webhook, newest first, back to the given time.</summary>
    public async Task<List<DeliveryBody>> ListDeliveriesAsync(DateTimeOffset since, CancellationToken cancellationToken)
    {
        var all = await calls.ListAsync(
            app, "app/hook/deliveries", GitHubJson.Default.ListDeliveryBody, cancellationToken, delivery => delivery.DeliveredAt < since);
        return [.. all.Where(delivery => delivery.DeliveredAt >= since)];
    }

    public Task RedeliverAsync(long delivery, CancellationToken cancellationToken) => calls.SendAsync(
        app, new GitHubRequest(HttpMethod.Post, string.Create(CultureInfo.InvariantCulture, $"app/hook/deliveries/{delivery}/attempts")), cancellationToken);
}
