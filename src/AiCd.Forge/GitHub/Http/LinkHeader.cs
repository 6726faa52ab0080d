using System.Net.Http.Headers;
using System.Text.RegularExpressions;

namespace AiCd.Forge.GitHub.Http;

/// <summary>Where the next page is.</summary>
internal static partial class LinkHeader
{
    public static string? Next(HttpResponseHeaders headers) => headers.TryGetValues("Link", out var values)
        ? values.SelectMany(value => NextPattern().Matches(value)).Select(match => match.Groups[1].Value).FirstOrDefault()
        : null;

    [GeneratedRegex("""<([^>]+)>\s*;[^,]*\brel="?next"?""", RegexOptions.IgnoreCase)]
    private static partial Regex NextPattern();
}
