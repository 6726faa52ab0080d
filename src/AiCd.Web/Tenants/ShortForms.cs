namespace AiCd.Web.Tenants;

/// <summary>Repositories named as owner/repo, without the host that a forge adds.</summary>
internal static class ShortForms
{
    private const string Https = "https://";

    /// <returns>The addresses at the hosts of the patterns; none where the text is no short form.</returns>
    public static IEnumerable<string> Of(string text, IReadOnlyList<string> patterns) =>
        text.Split('/') is [var owner, var name] && IsName(owner) && IsName(name)
            ? patterns.Where(pattern => pattern.StartsWith(Https, StringComparison.Ordinal)).Select(pattern => $"{Https}{HostOf(pattern)}/{text}").Distinct()
            : [];

    private static bool IsName(string text) => text.Length > 0 && text[0] != '.' && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');

    /// <summary>Any that a pattern without a whole host allows.</summary>
    private static string HostOf(string pattern)
    {
        var host = pattern[Https.Length..].Split('/')[0].TrimEnd('*');
        return host.Length > 0 ? host : "any";
    }
}
