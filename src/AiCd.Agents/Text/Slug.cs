using System.Text;

namespace AiCd.Agents.Text;

/// <summary>A file name made of a title: lower-case ASCII letters, digits and single hyphens.</summary>
internal static class Slug
{
    private const int MaxLength = 48;

    /// <param name="fallback">Where the title has no such character.</param>
    public static string Of(string title, string fallback)
    {
        var slug = new StringBuilder(MaxLength);
        foreach (var c in title)
        {
            if (slug.Length == MaxLength)
            {
                break;
            }

            if (char.IsAsciiLetterOrDigit(c))
            {
                slug.Append(char.ToLowerInvariant(c));
            }
            else if (slug.Length > 0 && slug[^1] != '-')
            {
                slug.Append('-');
            }
        }

        var trimmed = slug.ToString().TrimEnd('-');
        return trimmed.Length > 0 ? trimmed : fallback;
    }
}
