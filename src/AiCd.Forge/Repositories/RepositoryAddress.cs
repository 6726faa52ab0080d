using System.Text.RegularExpressions;
using AiCd.Actors.Ports;

namespace AiCd.Forge.Repositories;

/// <summary>What the text that names a repository means, before anything is looked at.</summary>
internal abstract partial record RepositoryAddress
{
    private RepositoryAddress()
    {
    }

    /// <exception cref="StageException">The text names no repository that AiCd could work on.</exception>
    public static RepositoryAddress Parse(string text)
    {
        if (string.IsNullOrWhiteSpace(text) || text.Any(char.IsControl))
        {
            throw Invalid(text, "it is empty or has control characters");
        }

        if (text.Contains("://", StringComparison.Ordinal))
        {
            return Uri.TryCreate(text, UriKind.Absolute, out var url) ? ParseUrl(text, url) : throw Invalid(text, "it is not a valid URL");
        }

        return SecureShell().IsMatch(text) ? throw Invalid(text, "ssh is not supported") : new Local(Path.GetFullPath(text));
    }

    private static RepositoryAddress ParseUrl(string text, Uri url) => url.Scheme switch
    {
        "file" when url.Host is "" or "localhost" && url.Query.Length == 0 && url.Fragment.Length == 0 =>
            new Local(Path.GetFullPath(Uri.UnescapeDataString(url.AbsolutePath))),
        "file" => throw Invalid(text, "a file URL names a path on this machine and nothing more"),
        "https" => url.UserInfo.Length == 0 ? new Remote(url) : throw Invalid("https://…", "credentials do not belong in a URL"),
        _ => throw Invalid(text, $"{url.Scheme} is not supported"),
    };

    private static StageException Invalid(string text, string reason) =>
        new(FaultKind.Permanent, "repository_invalid",
            $"'{Paths.PathRefusal.Shown(text)}' names no repository: {reason}. Expected a path, a file:// URL or an https:// URL");

    [GeneratedRegex(@"^[\w.-]+@[\w.-]+:")]
    private static partial Regex SecureShell();

    /// <param name="Folder">Absolute; links are not resolved yet.</param>
    public sealed record Local(string Folder) : RepositoryAddress;

    public sealed record Remote(Uri Url) : RepositoryAddress;
}
