using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using AiCd.Forge.GitHub.Auth;
using Microsoft.Extensions.Options;

namespace AiCd.Forge.GitHub;

/// <summary>Says of each wrong setting its key, what was expected and, unless it is a secret, what was found.</summary>
internal sealed class GitHubOptionsValidator : IValidateOptions<GitHubOptions>
{
    private const int MaxLabel = 50;

    public ValidateOptionsResult Validate(string? name, GitHubOptions options)
    {
        string[] failures =
        [
            .. Check(nameof(options.ApiUrl), GitHubHost.IsApi(options.ApiUrl), "an https URL such as https://api.github.com or https://HOST/api/v3 (also GITHUB_API_URL)", options.ApiUrl),
            .. Check(nameof(options.Token), !options.Token.Any(c => char.IsWhiteSpace(c) || char.IsControl(c)), "a token without blanks (also GITHUB_TOKEN)", "(a secret)"),
            .. Check(nameof(options.ClientId), !options.ClientId.Any(char.IsWhiteSpace), "the client id of a GitHub App (also GITHUB_APP_CLIENT_ID)", options.ClientId),
            .. CheckKey(options),
            .. CheckCa(options),
            .. Check(nameof(options.Label), options.Label.Trim() == options.Label && options.Label.Length is > 0 and <= MaxLabel && !options.Label.Contains(','),
                $"a label of at most {MaxLabel} characters without commas", options.Label),
            .. Check(nameof(options.Agent), options.Agent.Length > 0, "the name of an agent", options.Agent),
            .. options.Repositories.SelectMany((entry, i) => Check($"{nameof(options.Repositories)}:{i}",
                RepositoryName.TryParse(entry, out _) || IsOwner(entry), "owner/repo or owner/*", entry)),
            .. options.Tenants.SelectMany((entry, i) => Check($"{nameof(options.Tenants)}:{i}",
                Installations.Parse(entry) is not null, "an installation's number and a tenant, such as 12345=acme", entry)),
            .. CheckSpan(nameof(options.PollInterval), options.PollInterval, TimeSpan.FromSeconds(1), TimeSpan.FromDays(1)),
            .. CheckSpan(nameof(options.Timeout), options.Timeout, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10)),
            .. CheckSpan(nameof(options.WriteSpacing), options.WriteSpacing, TimeSpan.Zero, TimeSpan.FromMinutes(10)),
            .. CheckNumber(nameof(options.MaxFollowUps), options.MaxFollowUps, 0, 100),
            .. CheckNumber(nameof(options.ContentPerHour), options.ContentPerHour, 0, 1_000_000),
            .. CheckNumber(nameof(options.MaxRepositoryMegabytes), options.MaxRepositoryMegabytes, 1, 1_000_000),
        ];
        return failures.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static IEnumerable<string> CheckKey(GitHubOptions options)
    {
        if (!options.HasApp)
        {
            return Check(nameof(options.ClientId), options.PrivateKey.Length == 0 && options.PrivateKeyPath.Length == 0,
                "the client id of the App that the private key belongs to (also GITHUB_APP_CLIENT_ID)", options.ClientId);
        }

        var key = options.PrivateKey.Length > 0 ? nameof(options.PrivateKey) : nameof(options.PrivateKeyPath);
        var found = options.PrivateKey.Length > 0 ? "(a secret)" : options.PrivateKeyPath;
        return Check(key, AppKey.TryLoad(options, out var problem), $"the App's RSA private key in PEM (also GITHUB_APP_PRIVATE_KEY_PATH); {problem}", found);
    }

    private static IEnumerable<string> CheckCa(GitHubOptions options)
    {
        try
        {
            if (options.CaFile.Length > 0)
            {
                new X509Certificate2Collection().ImportFromPemFile(options.CaFile);
            }

            return Check(nameof(options.CaFile), options.CaFile.Length == 0 || Path.IsPathFullyQualified(options.CaFile), "an absolute path", options.CaFile);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or System.Security.Cryptography.CryptographicException)
        {
            return Check(nameof(options.CaFile), false, $"a file of certificates in PEM ({e.Message})", options.CaFile);
        }
    }

    private static bool IsOwner(string? entry) => entry is not null && entry.EndsWith("/*", StringComparison.Ordinal) && RepositoryName.IsOwner(entry[..^2]);

    private static IEnumerable<string> CheckSpan(string key, TimeSpan value, TimeSpan min, TimeSpan max) =>
        Check(key, value >= min && value <= max, $"from {min} to {max}", value.ToString());

    private static IEnumerable<string> CheckNumber(string key, int value, int min, int max) =>
        Check(key, value >= min && value <= max, $"a whole number from {min} to {max}", value.ToString(CultureInfo.InvariantCulture));

    private static IEnumerable<string> Check(string key, bool valid, string expected, string? found) =>
        valid ? [] : [$"{GitHubOptions.Section}:{key}: expected {expected}, got '{found}'"];
}
