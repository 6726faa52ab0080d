using System.Globalization;

namespace AiCd.Forge.GitHub;

/// <summary>The addresses of one GitHub, github.com or an Enterprise's.</summary>
internal sealed class GitHubHost
{
    private const string EnterprisePath = "/api/v3";

    public GitHubHost(GitHubOptions options)
    {
        ApiUrl = new Uri(options.ApiUrl.TrimEnd('/') + "/");
        WebUrl = new Uri(Web(ApiUrl) + "/");
        HasCredentials = options.HasCredentials;
    }

    /// <summary>Ends with a slash.</summary>
    public Uri ApiUrl { get; }

    /// <summary>Where people see repositories, and where git finds them; ends with a slash.</summary>
    public Uri WebUrl { get; }

    private bool HasCredentials { get; }

    public static bool IsApi(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme == "https" && url.UserInfo.Length == 0 && url.Query.Length == 0 && url.Fragment.Length == 0;

    public string PageOf(RepositoryName name) => $"{WebUrl}{name}";

    public Uri GitUrlOf(RepositoryName name) => new($"{WebUrl}{name}.git");

    public string PageOf(RepositoryName name, int issue) => string.Create(CultureInfo.InvariantCulture, $"{WebUrl}{name}/issues/{issue}");

    /// <returns>The repository that the text names, or null where it names none of this GitHub.</returns>
    public RepositoryName? Repository(string text)
    {
        if (Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme == "https")
        {
            return IsHere(url) && RepositoryName.TryParse(url.AbsolutePath.Trim('/'), out var named) ? named : null;
        }

        // The short form only where it cannot be a path that somebody means.
        return HasCredentials && RepositoryName.TryParse(text, out var name) && !Path.Exists(text) ? name : null;
    }

    /// <returns>The issue that a URL names, or null where it names none of this GitHub.</returns>
    public (RepositoryName Repository, int Number)? Issue(string? text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && IsHere(url) && url.AbsolutePath.Trim('/').Split('/') is [var owner, var name, "issues" or "pull", var number]
        && RepositoryName.TryParse($"{owner}/{name}", out var repository) && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var issue)
            ? (repository, issue)
            : null;

    private bool IsHere(Uri url) => url.UserInfo.Length == 0 && url.Query.Length == 0 && url.Authority.Equals(WebUrl.Authority, StringComparison.OrdinalIgnoreCase);

    private static string Web(Uri api)
    {
        var path = api.AbsolutePath.TrimEnd('/');
        return path.EndsWith(EnterprisePath, StringComparison.OrdinalIgnoreCase) ? $"https://{api.Authority}"
            : api.Host.StartsWith("api.", StringComparison.OrdinalIgnoreCase) ? $"https://{api.Authority["api.".Length..]}"
            : $"https://{api.Authority}";
    }
}
