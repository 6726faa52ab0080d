using AiCd.Actors.Jobs.Payloads;
using AiCd.Actors.Ports;
using AiCd.Agents.Text;

namespace AiCd.Agents.Mock;

/// <summary>Writes the job's record, and a line that leads to it into the text files that the issue names.</summary>
internal static class MockCoder
{
    private const int MaxSubjectLength = 72;
    private const int MaxAppended = 3;

    private static readonly string[] TextExtensions = [".md", ".markdown", ".txt"];

    public static async Task<CodeResult> CodeAsync(JobContext job, PlanResult plan, string worktree, CancellationToken cancellationToken)
    {
        var record = MockPlanner.RecordPath(job);
        if (!WorktreeFiles.MayWrite(worktree, record))
        {
            throw new StageException(FaultKind.Permanent, "mock_path_refused",
                $"Expected to write {record}, but a part of that path is a link or of another kind");
        }

        var changes = new List<FileChange> { new(record, JobRecord.Write(job, plan)) };
        foreach (var path in MockPlanner.MentionedFiles(job, worktree).Where(path => path != record && IsText(path)).Take(MaxAppended))
        {
            var text = await WorktreeFiles.ReadTextAsync(worktree, path, cancellationToken);
            if (text is not null && Appended(text, Note(job, path, record)) is { } appended)
            {
                changes.Add(new FileChange(path, appended));
            }
        }

        return new CodeResult(CommitMessage(job, plan, record), Summary(job, changes), changes);
    }

    private static bool IsText(string path) => TextExtensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);

    private static string Note(JobContext job, string path, string record)
    {
        var title = IssueOutline.TitleOf(job.Issue);
        var target = Path.GetRelativePath(Path.Combine("/", Path.GetDirectoryName(path)!), Path.Combine("/", record));
        return path.EndsWith(".txt", StringComparison.OrdinalIgnoreCase)
            ? $"Planned work: {title} ({record})"
            : $"Planned work: [{Markdown.Escape(title)}]({target.Replace('\\', '/')})";
    }

    /// <returns>Null where the file has the note already, from an earlier round.</returns>
    private static string? Appended(string text, string note)
    {
        var newLine = text.Contains("\r\n", StringComparison.Ordinal) ? "\r\n" : "\n";
        return text.Contains(note, StringComparison.Ordinal)
            ? null
            : $"{text}{(text.EndsWith('\n') ? "" : newLine)}{newLine}{note}{newLine}";
    }

    private static string CommitMessage(JobContext job, PlanResult plan, string record)
    {
        var subject = PlainText.Line($"docs: {IssueOutline.TitleOf(job.Issue)}", MaxSubjectLength);
        var answered = job.Feedback.Count == 0 ? "" : $"\nRound {job.Round} answers {Count(job.Feedback.Count, "remark", "remarks")} on the rounds before.";
        return $"{subject}\n\nRecords the issue and a plan of {Count(plan.Steps.Count, "step", "steps")} in\n{record}.{answered}\n\nJob: {job.Id}\n";
    }

    private static string Summary(JobContext job, List<FileChange> changes)
    {
        var noted = changes.Count == 1 ? "" : $", with a note in {string.Join(", ", changes.Skip(1).Select(change => change.Path))}";
        var comments = job.Feedback.Sum(feedback => Math.Max(1, feedback.Comments.Count));
        var answered = comments == 0 ? "" : $"; answered {Count(comments, "comment", "comments")} in round {job.Round}";
        return $"Recorded \"{IssueOutline.TitleOf(job.Issue)}\" and its plan in {changes[0].Path}{noted}{answered}.";
    }

    private static string Count(int count, string one, string many) => $"{count} {(count == 1 ? one : many)}";
}
