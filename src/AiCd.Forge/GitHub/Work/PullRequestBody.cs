using System.Text.RegularExpressions;
using AiCd.Actors.Jobs;
using AiCd.Actors.Ports;

namespace AiCd.Forge.GitHub.Work;

/// <summary>What a pull request says beside the job's own words. Pure.</summary>
internal static partial class PullRequestBody
{
    // GitHub refuses a longer one.
    private const int MaxLength = 65_536;
    private const int MaxTitle = 256;
    private const string Cut = "\n\n(The rest is cut: GitHub takes no longer text.)\n\n";

    public static string Of(PullRequestDraft draft, GitHubHost host, RepositoryName repository)
    {
        var end = Closes(draft, host, repository) + Marker(draft.Job) + "\n";
        var room = MaxLength - end.Length - Cut.Length;
        var text = draft.Body.Length <= room ? draft.Body : draft.Body[..Whole(draft.Body, room)] + Cut;
        return $"{text.TrimEnd()}\n\n{end}";
    }

    public static string Title(PullRequestDraft draft)
    {
        var title = string.Join(' ', draft.Title.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return title.Length <= MaxTitle ? title : title[..Whole(title, MaxTitle - 1)] + "…";
    }

    /// <summary>Whether the pull request is the job's own: by its mark, or by its branch, which is named for the job that made it.</summary>
    public static bool IsOf(JobId job, string? body, string branch) => body is not null && body.Contains("<!-- aicd:job ", StringComparison.Ordinal)
        ? body.Contains(Marker(job), StringComparison.Ordinal)
        : branch.StartsWith($"aicd/{job}", StringComparison.Ordinal);

    /// <returns>The job that the pull request says it is of, or null where it says nothing.</returns>
    public static JobId? JobOf(string? body) =>
        body is not null && MarkerPattern().Match(body) is { Success: true } mark && JobId.TryParse(mark.Groups[1].Value, out var job) ? job : null;

    private static string Marker(JobId job) => $"<!-- aicd:job {job} -->";

    private static string Closes(PullRequestDraft draft, GitHubHost host, RepositoryName repository) => host.Issue(draft.IssueUrl) switch
    {
        { } issue when issue.Repository == repository => $"Closes #{issue.Number}\n\n",
        { } issue => $"Closes {issue.Repository}#{issue.Number}\n\n",
        null => "",
    };

    private static int Whole(string text, int length) => length > 0 && char.IsHighSurrogate(text[length - 1]) ? length - 1 : length;

    [GeneratedRegex("<!-- aicd:job ([0-9a-z]+) -->")]
    private static partial Regex MarkerPattern();
}
