using System.Security.Cryptography;
using System.Text;
using AiCd.Actors.Jobs;
using AiCd.Forge.GitHub.Api;

namespace AiCd.Forge.GitHub.Triggers;

/// <summary>An issue's words as a job takes them. Pure.</summary>
internal static class IssueText
{
    private const int MaxTitle = 256;

    public static string Title(IssueBody issue)
    {
        var printable = string.Concat((issue.Title ?? "").Select(c => char.IsControl(c) ? ' ' : c));
        var title = string.Join(' ', printable.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return title.Length == 0 ? $"Issue {issue.Number}" : title[..Math.Min(MaxTitle, title.Length)];
    }

    public static string Body(IssueBody issue) => string.IsNullOrWhiteSpace(issue.Body) ? Title(issue) : issue.Body.ReplaceLineEndings("\n").Replace("\0", "", StringComparison.Ordinal);

    /// <summary>Whether the job works on what the issue says now.</summary>
    public static bool IsOf(Job job, IssueBody issue) => job.Submission.Title == Title(issue) && job.Submission.Body.Sha256 == Hash(Body(issue));

    /// <summary>What a job that is under way is told of an edit.</summary>
    public static string Edit(IssueBody issue) => $"The issue was edited while the job was under way. Where it differs from before, this counts:\n\n# {Title(issue)}\n\n{Body(issue)}";

    public static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
