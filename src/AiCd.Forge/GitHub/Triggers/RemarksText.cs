using System.Globalization;
using System.Text;
using AiCd.Forge.GitHub.Api;

namespace AiCd.Forge.GitHub.Triggers;

/// <summary>What was said of a pull request, in words for the next attempt. Pure; all of it is untrusted text.</summary>
internal static class RemarksText
{
    private const int MaxText = 30_000;
    private const int MaxLog = 4_000;

    public static string Of(ReviewBody review, IEnumerable<ReviewCommentBody> comments)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{review.User?.Login} reviewed the pull request ({review.State?.ToLowerInvariant().Replace('_', ' ')}).\n");
        if (!string.IsNullOrWhiteSpace(review.Body))
        {
            text.Append('\n').Append(review.Body.Trim()).Append('\n');
        }

        foreach (var comment in comments)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n{comment.Path}{(comment.Line is { } line ? $":{line}" : "")}: {comment.Body?.Trim()}\n");
        }

        return Cut(text.ToString(), MaxText);
    }

    public static string Of(IEnumerable<CheckRunBody> failed)
    {
        var text = new StringBuilder("Checks of the pull request failed.\n");
        foreach (var check in failed)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n## {check.Name} ({check.Conclusion}) {check.HtmlUrl}\n");
            foreach (var part in new[] { check.Output?.Title, check.Output?.Summary, check.Output?.Text })
            {
                if (!string.IsNullOrWhiteSpace(part))
                {
                    text.Append('\n').Append(part.Length <= MaxLog ? part : "…" + part[^MaxLog..]).Append('\n');
                }
            }
        }

        return Cut(text.ToString(), MaxText);
    }

    private static string Cut(string text, int length) => text.Length <= length ? text : text[..(char.IsHighSurrogate(text[length - 1]) ? length - 1 : length)] + "…";
}
