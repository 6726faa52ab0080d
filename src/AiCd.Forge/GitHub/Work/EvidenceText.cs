using System.Globalization;
using System.Text;
using AiCd.Actors.Ports;

namespace AiCd.Forge.GitHub.Work;

/// <summary>Evidence as a check run shows it. Pure.</summary>
internal static class EvidenceText
{
    // GitHub refuses longer texts.
    private const int MaxText = 65_535;
    private const int MaxLog = 4_000;
    private const int MaxDescription = 140;

    public static bool Passed(ReviewEvidence evidence) => evidence.Checks.All(check => check.ExitCode == 0);

    public static string Title(ReviewEvidence evidence) => evidence.Checks.Count == 0
        ? "Reviewed; the repository configures no checks"
        : string.Create(CultureInfo.InvariantCulture, $"Reviewed; {evidence.Checks.Count(check => check.ExitCode == 0)} of {evidence.Checks.Count} checks passed");

    public static string Description(ReviewEvidence evidence) => Cut(Title(evidence), MaxDescription);

    public static string Summary(ReviewEvidence evidence)
    {
        var summary = new StringBuilder();
        summary.Append(evidence.Review.Length == 0 ? "Approved." : evidence.Review).Append("\n\n");
        summary.Append("Reviewed tree: `").Append(evidence.TreeSha).Append("`\n");
        if (evidence.Checks.Count > 0)
        {
            summary.Append("\n| check | command | exit code | duration |\n|---|---|---|---|\n");
            foreach (var check in evidence.Checks)
            {
                summary.Append(CultureInfo.InvariantCulture, $"| {Cell(check.Name)} | `{Cell(check.Command).Replace('`', '\'')}` | {check.ExitCode} | {check.Duration.TotalSeconds:F1} s |\n");
            }
        }

        return Cut(summary.ToString(), MaxText);
    }

    /// <returns>The logs, or null where there are none.</returns>
    public static string? Logs(ReviewEvidence evidence)
    {
        var logs = new StringBuilder();
        foreach (var check in evidence.Checks.Where(check => check.Log.Length > 0))
        {
            logs.Append("### ").Append(Cell(check.Name)).Append("\n\n");
            foreach (var line in Tail(check.Log).Split('\n'))
            {
                // Four blanks make a block of code that no text of a log can end.
                logs.Append("    ").Append(line).Append('\n');
            }

            logs.Append('\n');
        }

        return logs.Length == 0 ? null : Cut(logs.ToString(), MaxText);
    }

    private static string Tail(string log) => log.Length <= MaxLog ? log : "…" + log[^MaxLog..];

    private static string Cell(string text) => text.ReplaceLineEndings(" ").Replace("|", "\\|", StringComparison.Ordinal);

    private static string Cut(string text, int length) =>
        text.Length <= length ? text : text[..(char.IsHighSurrogate(text[length - 2]) ? length - 2 : length - 1)] + "…";
}
