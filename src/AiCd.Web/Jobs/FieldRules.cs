using System.Globalization;
using System.Text;
using AiCd.Web.Problems;

namespace AiCd.Web.Jobs;

/// <summary>What fields of requests may hold. Each names the field and what was expected.</summary>
internal static class FieldRules
{
    public const int MaxTitle = 300;
    public const int MaxText = 200_000;
    public const int MaxName = 200;
    public const int MaxAddress = 2_000;

    /// <summary>One line that is not blank and that every store can hold.</summary>
    public static string Line(string field, string? value, int max)
    {
        var expected = $"one line of 1 to {max} characters";
        return value is { Length: > 0 } && value.Length <= max && !string.IsNullOrWhiteSpace(value) && IsStorable(value) && !value.Any(char.IsControl)
            ? value.Trim()
            : throw ProblemException.Field(field, expected, value);
    }

    public static string? OptionalLine(string field, string? value, int max) => value is null ? null : Line(field, value, max);

    public static string Text(string field, string? value, int max, bool mayBeEmpty = false)
    {
        var expected = $"a text of {(mayBeEmpty ? 0 : 1)} to {max} characters without NUL";
        return value is not null && value.Length <= max && (mayBeEmpty || !string.IsNullOrWhiteSpace(value)) && IsStorable(value)
            ? value
            : throw ProblemException.Field(field, expected, value is { Length: > 100 } ? $"{value.Length} characters" : value);
    }

    public static int Number(string field, int value, int from, int to) => value >= from && value <= to
        ? value
        : throw ProblemException.Field(field, $"a whole number from {from} to {to}", value.ToString(CultureInfo.InvariantCulture));

    public static string Url(string field, string value) =>
        Uri.TryCreate(Line(field, value, MaxAddress), UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
            ? value
            : throw ProblemException.Field(field, "a URL that begins with http:// or https://", value);

    public static IReadOnlyList<string>? Labels(string field, IReadOnlyList<string>? labels)
    {
        if (labels is { Count: > 20 })
        {
            throw ProblemException.Field(field, "at most 20 labels", labels.Count.ToString(CultureInfo.InvariantCulture));
        }

        return labels?.Select((label, i) => Line($"{field}[{i}]", label, 100)).Distinct().ToList();
    }

    private static bool IsStorable(string text)
    {
        if (text.Contains('\0'))
        {
            return false;
        }

        foreach (var rune in text.EnumerateRunes())
        {
            if (rune == Rune.ReplacementChar && !text.Contains('\uFFFD'))
            {
                return false;
            }
        }

        return true;
    }
}
