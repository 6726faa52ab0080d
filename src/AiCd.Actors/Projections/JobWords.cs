using System.Text;

namespace AiCd.Actors.Projections;

/// <summary>What a job is searched by, the same on every engine: words of letters and digits in lower case.</summary>
public static class JobWords
{
    private const int MaxWords = 40;
    private const int MaxLength = 64;

    /// <returns>Each word once, in the order of the text.</returns>
    public static IReadOnlyList<string> Of(string text)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        foreach (var rune in text.Append('\0'))
        {
            if (char.IsLetterOrDigit(rune))
            {
                word.Append(char.ToLowerInvariant(rune));
            }
            else if (word.Length > 0)
            {
                words.Add(word.ToString(0, Math.Min(word.Length, MaxLength)));
                word.Clear();
            }
        }

        return [.. words.Distinct(StringComparer.Ordinal).Take(MaxWords)];
    }

    public static bool Match(JobView job, IReadOnlyList<string> wanted)
    {
        var words = Of(TextOf(job));
        return wanted.All(prefix => words.Any(word => word.StartsWith(prefix, StringComparison.Ordinal)));
    }

    /// <summary>A line in which every word follows a blank.</summary>
    internal static string LineOf(JobView job) => string.Concat(Of(TextOf(job)).Select(word => " " + word));

    /// <summary>Words and labels, one a line; labels cannot be taken for words.</summary>
    internal static string LexemesOf(JobView job) => string.Join('\n', Of(TextOf(job)).Concat(job.Labels.Select(LexemeOfLabel)).Distinct());

    internal static string LexemeOfLabel(string label) => "label:" + label;

    private static string TextOf(JobView job) => $"{job.Title} {job.Id} {job.Repository} {job.Branch}";
}
