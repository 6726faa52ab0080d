using AiCd.Actors.Jobs.Payloads;
using AiCd.Actors.Ports;
using AiCd.Agents.Text;

namespace AiCd.Agents.Mock;

/// <summary>Makes a plan of the words of the issue and of the files in the worktree that it names.</summary>
internal static class MockPlanner
{
    private const int MaxFiles = 20;

    public static PlanResult Plan(JobContext job, string worktree)
    {
        var outline = IssueOutline.Of(job.Issue);
        var record = RecordPath(job);
        var mentioned = MentionedFiles(job, worktree);
        return new PlanResult(
            outline.FirstParagraph is { } paragraph ? $"{outline.Title}: {paragraph}" : outline.Title,
            [.. Steps(outline, mentioned), $"Record the issue, the plan and its outcome in {record}"],
            [.. mentioned.Append(record).Distinct()],
            Risks(job.Issue, outline, mentioned),
            TestStrategy(outline));
    }

    /// <summary>The file that the mock agent writes for the job.</summary>
    public static string RecordPath(JobContext job) => $"docs/aicd/{Slug.Of(job.Issue.Title, $"job-{job.Id}")}.md";

    /// <summary>The files of the worktree that the issue names.</summary>
    public static IReadOnlyList<string> MentionedFiles(JobContext job, string worktree) =>
        [.. IssueOutline.PathCandidates(job.Issue).Where(path => WorktreeFiles.IsFile(worktree, path)).Take(MaxFiles)];

    private static IEnumerable<string> Steps(IssueOutline outline, IReadOnlyList<string> mentioned)
    {
        var parts = outline.Items.Count > 0 ? outline.Items : [.. outline.Headings.Select(heading => $"Work through \"{heading}\"")];
        return mentioned.Select(file => $"Read {file}")
            .Concat(parts.Count > 0 ? parts : [$"Find what \"{outline.Title}\" asks for and carry it out"]);
    }

    private static List<string> Risks(Issue issue, IssueOutline outline, IReadOnlyList<string> mentioned)
    {
        var risks = new List<string>();
        if (string.IsNullOrWhiteSpace(issue.Body))
        {
            risks.Add("The issue has a title only: what is expected may be misread");
        }

        if (mentioned.Count == 0)
        {
            risks.Add("The issue names no file of the repository: the place of the change is a guess");
        }

        if (outline.HasCode)
        {
            risks.Add("The issue contains code that was read and not run");
        }

        return risks;
    }

    private static string TestStrategy(IssueOutline outline) => outline.Items.Count > 0
        ? $"Run the repository's checks, then go through the {outline.Items.Count} points of the issue one by one."
        : "Run the repository's checks, then compare the result with the issue.";
}
