using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using AiCd.Actors.Jobs;
using AiCd.Host.Output;

namespace AiCd.Host.Jobs;

/// <summary>A list of jobs, for people and for programs.</summary>
internal static class JobListText
{
    private const string Quarantined = "QUARANTINED";

    public static void Write(IReadOnlyList<ListedJob> jobs)
    {
        if (jobs.Count == 0)
        {
            Screen.Line("No jobs");
            return;
        }

        Screen.Line($"{"JOB",-16}  {"STATE",-11}  {"UPDATED (UTC)",-16}  {"PR",-4}  TITLE");
        foreach (var job in jobs)
        {
            var state = job.Quarantine is not null || job.View is null ? Quarantined : WireNames.Of(job.View.State);
            var updated = job.View?.UpdatedAt.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
            var number = job.View?.PullRequestNumber is { } pullRequest ? $"#{pullRequest}" : "";
            var text = job.Quarantine ?? job.View?.Title ?? "";
            Screen.Line($"{job.Id.Value,-16}  {state,-11}  {updated,-16}  {number,-4}  {TerminalText.Line(text, 100)}".TrimEnd());
        }
    }

    public static void WriteJson(IReadOnlyList<ListedJob> jobs) => Screen.Line(JsonOf(jobs));

    public static string JsonOf(IReadOnlyList<ListedJob> jobs) =>
        JsonSerializer.Serialize([.. jobs.Select(ListedJobLine.Of)], JobListJson.Default.IReadOnlyListListedJobLine);
}

/// <param name="State">As the journal has it; null where it cannot be read and was never projected.</param>
internal sealed record ListedJobLine(
    JobId JobId,
    JobState? State,
    string? Title,
    string? Repository,
    string? BaseBranch,
    string? Branch,
    string? Agent,
    int? Priority,
    int? Attempt,
    int? Round,
    int? PullRequestNumber,
    string? PullRequestUrl,
    string? FailureCode,
    string? FailureMessage,
    DateTime? SubmittedAt,
    DateTime? UpdatedAt,
    string? Quarantine)
{
    public static ListedJobLine Of(ListedJob job) => new(
        job.Id,
        job.View?.State,
        job.View?.Title,
        job.View?.Repository,
        job.View?.BaseBranch,
        job.View?.Branch,
        job.View?.Agent,
        job.View?.Priority,
        job.View?.Attempt,
        job.View?.Round,
        job.View?.PullRequestNumber,
        job.View?.PullRequestUrl,
        job.View?.FailureCode,
        job.View?.FailureMessage,
        job.View?.SubmittedAt.UtcDateTime,
        job.View?.UpdatedAt.UtcDateTime,
        job.Quarantine);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(IReadOnlyList<ListedJobLine>))]
internal sealed partial class JobListJson : JsonSerializerContext;
