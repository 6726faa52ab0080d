using AiCd.Actors.Jobs;
using AiCd.Actors.Journal;
using AiCd.Host.Driving;

namespace AiCd.Host.Output;

/// <summary>How a job ended, for people: pull request with its diff stat, or why there is none, and where everything lies.</summary>
internal sealed class JobSummary(ArtifactReader artifacts)
{
    private const int MaxFiles = 40;

    public async Task WriteAsync(JobStory story, (string Label, string Text) place, CancellationToken cancellationToken)
    {
        if (story.Job is not { } job)
        {
            return;
        }

        Screen.Line("");
        Row("Job", $"{job.Id}  {WireNames.Of(job.State)}");
        Row("History", string.Join(", ", story.History.Select(WireNames.Of)));
        if (job.Failure is { } failure)
        {
            Row("Failure", $"{WireNames.Of(failure.Stage)} ({failure.Code}): {failure.Message}");
        }

        if (job.PullRequest is { } pullRequest)
        {
            Row("Pull request", $"#{pullRequest.Number}  {job.Submission.Title}");
            Row("", pullRequest.Url);
            Row("Branch", $"{pullRequest.Branch} at {pullRequest.HeadSha[..Math.Min(12, pullRequest.HeadSha.Length)]}, into {job.Submission.BaseBranch}");
        }

        Row("Repository", job.Submission.Repository);
        Row(place.Label, place.Text);
        await WriteChangeAsync(job, cancellationToken);
    }

    private async Task WriteChangeAsync(Job job, CancellationToken cancellationToken)
    {
        if (job.Code?.Artifacts.FirstOrDefault(artifact => artifact.Kind == Actors.Jobs.Payloads.ArtifactKinds.Diff) is not { } diff)
        {
            return;
        }

        Screen.Line("");
        if (await artifacts.FindTextAsync(job.Submission.Tenant, diff, cancellationToken) is { } text)
        {
            WriteFiles(DiffStat.Lines(text));
        }

        Screen.Line($" {DiffStat.Totals(job.Code.Change)}");
    }

    private static void WriteFiles(IReadOnlyList<string> lines)
    {
        foreach (var line in lines.Take(MaxFiles))
        {
            Screen.Line($" {line}");
        }

        if (lines.Count > MaxFiles)
        {
            Screen.Line($" … and {lines.Count - MaxFiles} more");
        }
    }

    private static void Row(string label, string text) => Screen.Line($"{label,-13} {TerminalText.Line(text)}".TrimEnd());
}
