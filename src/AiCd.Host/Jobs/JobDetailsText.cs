using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using AiCd.Actors.Jobs;
using AiCd.Actors.Jobs.Payloads;
using AiCd.Host.Output;

namespace AiCd.Host.Jobs;

/// <summary>A job in full, for people and for programs.</summary>
internal static class JobDetailsText
{
    public static void Write(JobDetails details)
    {
        Row("Job", details.Id.Value);
        if (details.Quarantine is { } reason)
        {
            Row("Quarantined", reason);
        }

        if (details.Job is { } job)
        {
            WriteJob(job, details.Quarantine is null ? "State" : "Last state");
        }

        Section("History", details.History, entry => $"{Time(entry.At)}  {WireNames.Of(entry.State)}");
        Section("Attempts", details.Attempts, attempt => string.Create(
            CultureInfo.InvariantCulture,
            $"{Time(attempt.StartedAt)}  {WireNames.Of(attempt.Stage),-9}  round {attempt.Round}, attempt {attempt.Number}  {attempt.Outcome}{Took(attempt)}{(attempt.Message is { } message ? $": {TerminalText.Line(message, 200)}" : "")}"));
        Section("Artifacts", details.Artifacts, artifact => string.Create(
            CultureInfo.InvariantCulture, $"event {artifact.Seq,3}  {TerminalText.Line(artifact.Kind),-10}  {artifact.Size,9} bytes  {artifact.Sha256}"));
    }

    public static void WriteJson(JobDetails details) =>
        Screen.Line(JsonSerializer.Serialize(JobDetailsLine.Of(details), JobDetailsJson.Default.JobDetailsLine));

    private static void WriteJob(Job job, string stateLabel)
    {
        Row("Title", job.Submission.Title);
        Row(stateLabel, $"{WireNames.Of(job.State)} since {Time(job.UpdatedAt.UtcDateTime)}");
        Row("Repository", job.Submission.Repository);
        Row("Branch", $"{job.Submission.Branch}, from {job.Submission.BaseBranch}");
        Row("Agent", job.Submission.Agent);
        if (job.Usage != Usage.None)
        {
            Row("Used", UsageText.Of(job.Usage));
        }

        if (job.BudgetHold is { } hold)
        {
            Row("Waits for", hold);
        }

        if (job.Entry.RetryAt is { } due)
        {
            Row("Next attempt", Time(due.UtcDateTime));
        }

        if (job.PullRequest is { } pullRequest)
        {
            Row("Pull request", $"#{pullRequest.Number}  {pullRequest.Url}");
        }

        if (job.Failure is { } failure)
        {
            Row("Failure", $"{WireNames.Of(failure.Stage)} ({failure.Code}): {failure.Message}");
        }
    }

    private static void Section<T>(string heading, IReadOnlyList<T> items, Func<T, string> line)
    {
        if (items.Count == 0)
        {
            return;
        }

        Screen.Line("");
        Screen.Line(heading);
        foreach (var item in items)
        {
            Screen.Line($"  {line(item)}");
        }
    }

    private static void Row(string label, string text) => Screen.Line($"{label,-13} {TerminalText.Line(text)}");

    private static string Time(DateTime at) => at.ToString("yyyy-MM-dd HH:mm:ss.fffZ", CultureInfo.InvariantCulture);

    private static string Took(AttemptRecord attempt) => attempt.EndedAt is { } ended
        ? string.Create(CultureInfo.InvariantCulture, $" after {(ended - attempt.StartedAt).TotalSeconds:0.0} s")
        : "";
}

internal sealed record JobDetailsLine(
    JobId JobId,
    JobState? State,
    string? Title,
    string? Repository,
    string? BaseBranch,
    string? Branch,
    string? Agent,
    int? Priority,
    DateTime? SubmittedAt,
    DateTime? UpdatedAt,
    DateTime? RetryAt,
    IReadOnlyList<StateEntry> History,
    IReadOnlyList<AttemptRecord> Attempts,
    IReadOnlyList<JobArtifact> Artifacts,
    PullRequestRef? PullRequest,
    JobFailure? Failure,
    Usage? Usage,
    string? BudgetHold,
    string? Quarantine)
{
    public static JobDetailsLine Of(JobDetails details) => new(
        details.Id,
        details.Job?.State,
        details.Job?.Submission.Title,
        details.Job?.Submission.Repository,
        details.Job?.Submission.BaseBranch,
        details.Job?.Submission.Branch,
        details.Job?.Submission.Agent,
        details.Job?.Submission.Priority,
        details.Job?.SubmittedAt.UtcDateTime,
        details.Job?.UpdatedAt.UtcDateTime,
        details.Job?.Entry.RetryAt?.UtcDateTime,
        details.History,
        details.Attempts,
        details.Artifacts,
        details.Job?.PullRequest,
        details.Job?.Failure,
        details.Job?.Usage,
        details.Job?.BudgetHold,
        details.Quarantine);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(JobDetailsLine))]
internal sealed partial class JobDetailsJson : JsonSerializerContext;
