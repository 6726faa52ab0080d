using AiCd.Actors.Jobs.Payloads;
using AiCd.Actors.Ports;
using AiCd.Agents.Text;

namespace AiCd.Agents.Mock;

/// <summary>Looks at the diff itself: an empty change and forgotten conflict markers are rejected whatever was configured.</summary>
internal static class MockReviewer
{
    private const int MaxComments = 20;
    private const int MaxNamedFiles = 10;

    private static readonly string[] ConflictMarkers = ["<<<<<<< ", "||||||| ", ">>>>>>> "];

    /// <param name="mustReject">Reject even a change without a fault.</param>
    public static ReviewResult Review(ReviewSubject subject, bool mustReject)
    {
        var files = UnifiedDiff.Parse(subject.Diff);
        if (files.Count == 0)
        {
            return new ReviewResult(ReviewVerdict.Reject, "The change is empty: nothing of the issue was resolved.",
                [new ReviewComment(null, null, CommentSeverity.Blocker, "The diff against the base branch contains no file.")]);
        }

        var conflicts = files.SelectMany(Conflicts).Take(MaxComments).ToList();
        if (conflicts.Count > 0)
        {
            return new ReviewResult(ReviewVerdict.Reject, $"Conflict markers were left behind. {Describe(files)}", conflicts);
        }

        return mustReject
            ? new ReviewResult(ReviewVerdict.Reject, $"The change needs another round. {Describe(files)}", Comments(files, Doubt))
            : new ReviewResult(ReviewVerdict.Approve, $"The change does what the plan says. {Describe(files)}", Comments(files, Praise));
    }

    private static IEnumerable<ReviewComment> Conflicts(DiffFile file) =>
        from line in file.Added
        where ConflictMarkers.Any(marker => line.Text.StartsWith(marker, StringComparison.Ordinal))
        select new ReviewComment(file.Path, line.Number, CommentSeverity.Blocker, "A conflict marker was left here.");

    private static IReadOnlyList<ReviewComment> Comments(IReadOnlyList<DiffFile> files, Func<DiffFile, int, (CommentSeverity Severity, string Text)> judge) =>
    [
        .. files.Take(MaxComments).Select((file, index) =>
        {
            var (severity, text) = judge(file, index);
            return new ReviewComment(file.Path, file.Added.Count > 0 ? file.Added[0].Number : null, severity, text);
        }),
    ];

    private static (CommentSeverity Severity, string Text) Doubt(DiffFile file, int index) => index == 0
        ? (CommentSeverity.Major, "Say here how the issue's points were verified.")
        : (CommentSeverity.Minor, "Say why this file had to change.");

    private static (CommentSeverity Severity, string Text) Praise(DiffFile file, int index) =>
        (CommentSeverity.Info, $"Read: {file.Added.Count} lines added, {file.Removed} removed.");

    private static string Describe(IReadOnlyList<DiffFile> files)
    {
        var names = string.Join(", ", files.Take(MaxNamedFiles).Select(file => file.Path));
        var more = files.Count > MaxNamedFiles ? $" and {files.Count - MaxNamedFiles} more" : "";
        return $"{files.Count} {(files.Count == 1 ? "file" : "files")}, {files.Sum(file => file.Added.Count)} lines added, {files.Sum(file => file.Removed)} removed: {names}{more}.";
    }
}
