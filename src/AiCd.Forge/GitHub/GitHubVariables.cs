using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace AiCd.Forge.GitHub;

/// <summary>The customary variables stand in for keys without a value.</summary>
internal sealed class GitHubVariables(IConfiguration configuration) : IPostConfigureOptions<GitHubOptions>
{
    public void PostConfigure(string? name, GitHubOptions options)
    {
        options.ApiUrl = Or(options.ApiUrl, "GITHUB_API_URL", "https://api.github.com");
        options.Token = Or(options.Token, "GITHUB_TOKEN");
        options.ClientId = Or(options.ClientId, "GITHUB_APP_CLIENT_ID");
        options.WebhookSecret = Or(options.WebhookSecret, "GITHUB_WEBHOOK_SECRET");
        if (options.PrivateKey.Length == 0)
        {
            options.PrivateKeyPath = Or(options.PrivateKeyPath, "GITHUB_APP_PRIVATE_KEY_PATH");
        }
    }

    private string Or(string value, string variable, string otherwise = "") =>
        value.Length > 0 ? value : configuration[variable] is { Length: > 0 } given ? given.Trim() : otherwise;
}
