using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using AiCd.Actors.Jobs;
using AiCd.Actors.Jobs.Stored;
using AiCd.Host.Output;

namespace AiCd.Host.Replaying;

/// <summary>A replay, for people and for programs.</summary>
internal static class ReplayText
{
    public static void Heading() => Screen.Line($"{"#",4}  {"AFTER",10}  {"EVENT",-19}  {"STATE",-9}  {"OWES",-9}  WHAT");

    public static void Write(JobStep step) => Screen.Line(string.Create(
        CultureInfo.InvariantCulture,
        $"{step.Row.Seq,4}  {After(step),10}  {step.Row.Event,-19}  {WireNames.Of(step.Job.State),-9}  {Owed(step.Job) ?? "-",-9}  {EventText.Of(step.Event, step.Job)}"));

    public static void WriteJson(JobStep step) => Screen.Line(JsonSerializer.Serialize(
        new ReplayLine(
            "step",
            step.Job.Id,
            step.Row.Seq,
            step.Row.ShardSeq,
            step.Row.Event,
            step.Row.RecordedAt.UtcDateTime,
            step.Job.State,
            Owed(step.Job),
            step.Job.IsActive,
            JsonSerializer.SerializeToElement(step.Job, JobJson.Default.Job)),
        ReplayJson.Default.ReplayLine));

    /// <summary>The state that the replay ends in, where it is not empty.</summary>
    public static void WriteState(Job job)
    {
        Screen.Line("");
        Row("State", $"{WireNames.Of(job.State)} after event {job.Seq}");
        Row("Owes", Owed(job) is { } owed ? OwedWork.Of(job)!.Value.DueAt is { } due ? $"{owed}, not before {Time(due)}" : owed : "nothing");
        if (job.Entry.Running is { } running)
        {
            Row("Attempt", $"{running.Number} on {running.Incarnation} since {Time(running.StartedAt)}");
        }

        Row("Entry", $"{job.Entry.Started} started, {job.Entry.Failed} failed, {job.Entry.Interrupted} interrupted");
        Row("Rounds", $"{job.RejectedRounds} rejected");
        Row("Plan", job.Plan?.Summary ?? job.ProposedPlan?.Summary);
        Row("Commit", job.Code is { } code ? $"{code.Change.CommitSha} (tree {code.Change.TreeSha})" : null);
        Row("Approved", job.Review is { } review ? $"tree {review.TreeSha}" : null);
        Row("Pull request", job.PullRequest?.Url);
        Row("Failure", job.Failure is { } failure ? $"{WireNames.Of(failure.Stage)} ({failure.Code}): {failure.Message}" : null);
        Row("Waits for", job.BudgetHold);
        foreach (var effect in job.Effects)
        {
            Row("Effect", $"{effect.Kind} {effect.Target}: {effect.Outcome ?? "intended"}");
        }

        foreach (var feedback in job.Feedback)
        {
            Row("Feedback", $"{(feedback.Round == 0 ? feedback.By ?? "a person" : $"review {feedback.Round}")}: {feedback.Text}");
        }
    }

    private static void Row(string label, string? text)
    {
        if (text is not null)
        {
            Screen.Line($"{label,-13} {TerminalText.Line(text)}");
        }
    }

    private static string After(JobStep step) =>
        string.Create(CultureInfo.InvariantCulture, $"{(step.Row.RecordedAt - step.Job.SubmittedAt).TotalSeconds:+0.000} s");

    private static string? Owed(Job job) => OwedWork.Of(job) is { } owed ? WireNames.Of(owed.Stage) : null;

    private static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.fffZ", CultureInfo.InvariantCulture);
}

/// <param name="Owed">The stage whose work the job owes after the event, or null.</param>
/// <param name="Active">Whether recovery must bring the job back.</param>
/// <param name="Job">The whole state.</param>
internal sealed record ReplayLine(
    string Type, JobId JobId, int Seq, long ShardSeq, string Event, DateTime At, JobState State, string? Owed, bool Active, JsonElement Job);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ReplayLine))]
internal sealed partial class ReplayJson : JsonSerializerContext;
