using System.Globalization;
using System.Text;

namespace AiCd.Actors.Jobs;

/// <summary>Names for the branches that jobs push.</summary>
public static class BranchNames
{
    private const int MaxSlug = 40;

    /// <returns><c>aicd/&lt;job&gt;-&lt;slug&gt;</c>, the slug made of the title's ASCII letters and digits; without a slug where it has none.</returns>
    public static string For(JobId job, string title)
    {
        var slug = Slug(title);
        return slug.Length == 0 ? $"aicd/{job}" : $"aicd/{job}-{slug}";
    }

    public static string Slug(string title)
    {
        var slug = new StringBuilder(MaxSlug);
        foreach (var c in title.Normalize(NormalizationForm.FormD))
        {
            if (char.IsAsciiLetterOrDigit(c))
            {
                slug.Append(char.ToLowerInvariant(c));
            }
            else if (slug.Length > 0 && slug[^1] != '-' && CharUnicodeInfo.GetUnicodeCategory(c) != UnicodeCategory.NonSpacingMark)
            {
                slug.Append('-');
            }

            if (slug.Length == MaxSlug)
            {
                break;
            }
        }

        return slug.ToString().TrimEnd('-');
    }
}
