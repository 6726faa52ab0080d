using System.Security.Cryptography;
using System.Text;
using AiCd.Actors.Jobs;
using AiCd.Forge.GitHub.Api;

namespace AiCd.Forge.GitHub.Triggers;

/// <summary>An issue's words as a job takes them. Pure.</summary>
internal static class IssueText
{
    private const int MaxTitle = 300;
    private const int MaxBody = 200_000;

    // As the webhook's inbox has them: one text must not count as an edit of the other.
    public static string Title(IssueBody issue) =>
        Clean(string.Concat((issue.Title ?? "").Select(c => char.IsControl(c) ? ' ' : c)), MaxTitle).Trim() is { Length: > 0 } title ? title : $"Issue {issue.Number}";

    public static string Body(IssueBody issue) => Clean(issue.Body ?? "", MaxBody);

    /// <summary>Whether the job works on what the issue says now.</summary>
    public static bool IsOf(Job job, IssueBody issue) => job.Submission.Title == Title(issue) && job.Submission.Body.Sha256 == Hash(Body(issue));

    /// <summary>What all jobs of an issue bear, whoever made them: the webhook's inbox finds them by it.</summary>
    public static string Label(RepositoryName repository, int number) => $"github:{repository}#{number}";

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    /// <summary>Without what no store can hold, and no longer than it may be.</summary>
    private static string Clean(string text, int max)
    {
        var clean = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value != 0 && clean.Length + rune.Utf16SequenceLength <= max)
            {
                clean.Append(rune);
            }
        }

        return clean.ToString();
    }
}
