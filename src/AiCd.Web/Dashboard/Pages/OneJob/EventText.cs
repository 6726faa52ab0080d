using System.Globalization;
using System.Text.Json.Nodes;
using AiCd.Actors.Jobs;
using AiCd.Web.Dashboard.Parts;
using AiCd.Web.Dashboard.Rendering.Text;
using AiCd.Web.Jobs;

namespace AiCd.Web.Dashboard.Pages.OneJob;

/// <summary>Says in a line what an event was.</summary>
internal static class EventText
{
    private const int Longest = 300;

    public static string Of(EventDetails e) => Cut(e.Event switch
    {
        "SUBMITTED" => $"Submitted to {Text(e, "submission", "agent")}",
        "START_PLANNING" => "Planning begins",
        "START_CODING" => "Coding begins",
        "START_REVIEWING" => "Reviewing begins",
        "ATTEMPT_STARTED" => $"{StageOf(e)}: an attempt begins",
        "ATTEMPT_FAILED" => $"{StageOf(e)}: attempt {Text(e, "attempt")} failed ({Text(e, "code")}): {Text(e, "message")}{Retry(e)}",
        "ATTEMPT_INTERRUPTED" => $"{StageOf(e)}: the attempt was interrupted: {Text(e, "reason")}{Retry(e)}",
        "PLAN_PROPOSED" => $"A plan waits for approval: {Text(e, "summary")}",
        "PLAN_SUCCEEDED" => $"{(e.Data["approvedBy"] is null ? "Planned" : "Plan approved")}: {Text(e, "summary")}",
        "PLAN_TURNED_DOWN" => $"Plan rejected: {Text(e, "feedback")}",
        "PLAN_FAILED" or "CODE_FAILED" or "REVIEW_FAILED" or "PR_FAILED" => $"Failed ({Text(e, "failure", "code")}): {Text(e, "failure", "message")}",
        "CODE_SUCCEEDED" => $"Coded: {Text(e, "summary")} (+{Text(e, "change", "insertions")} −{Text(e, "change", "deletions")} in {Text(e, "change", "filesChanged")} files)",
        "REVIEW_APPROVED" => $"Review approved: {Text(e, "summary")}",
        "REVIEW_REJECTED" => $"Review rejected, round {Text(e, "round")}: {Text(e, "summary")}",
        "PR_OPENED" => $"Pull request #{Text(e, "pullRequest", "number")} opened",
        "MARK_COMPLETED" => "Completed",
        "MARK_CANCELLED" => $"Cancelled: {Text(e, "reason")}",
        "FEEDBACK_ADDED" => $"Feedback: {Text(e, "text")}",
        "PRIORITY_CHANGED" => $"Priority is now {Text(e, "priority")}",
        "ISSUE_EDITED" => $"The issue was edited: {Text(e, "title")}",
        "EFFECT_INTENDED" => $"About to {Text(e, "effect")}: {Text(e, "target")}",
        "EFFECT_DONE" => $"Done: {Text(e, "effect")}",
        "USAGE_SETTLED" => $"{Text(e, "model")}: {Number(e, "inputTokens")} tokens in, {Number(e, "outputTokens")} out, {Cost(e)}",
        "TURN_RECORDED" => $"Turn {Text(e, "number")}: {Text(e, "kind")}",
        "BUDGET_EXHAUSTED" => $"Waits for budget: {Text(e, "reason")}",
        "BUDGET_RAISED" => "Budget raised",
        _ => e.Event,
    });

    /// <summary>Whose transcript it is that the event names.</summary>
    public static string Ended(EventDetails? e) => e?.Event switch
    {
        "PLAN_PROPOSED" or "PLAN_SUCCEEDED" => StateText.Of(Stage.Planning),
        "CODE_SUCCEEDED" => StateText.Of(Stage.Coding),
        "ATTEMPT_FAILED" => $"{StageOf(e)}: attempt {Text(e, "attempt")} failed",
        _ => StateText.Of(Stage.Reviewing),
    };

    /// <summary>How an event is to be looked upon.</summary>
    public static string Tone(EventDetails e) => e.Event switch
    {
        "PLAN_FAILED" or "CODE_FAILED" or "REVIEW_FAILED" or "PR_FAILED" or "ATTEMPT_FAILED" => "bad",
        "REVIEW_REJECTED" or "PLAN_TURNED_DOWN" or "ATTEMPT_INTERRUPTED" or "BUDGET_EXHAUSTED" or "PLAN_PROPOSED" or "MARK_CANCELLED" => "warn",
        "PLAN_SUCCEEDED" or "CODE_SUCCEEDED" or "REVIEW_APPROVED" or "PR_OPENED" or "MARK_COMPLETED" => "good",
        _ => "plain",
    };

    private static string StageOf(EventDetails e) => WireNames.TryParse<Stage>(Text(e, "stage"), out var stage) ? StateText.Of(stage) : "Stage";

    private static string Retry(EventDetails e) =>
        DateTimeOffset.TryParse(Text(e, "retryAt"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) && at > e.At ? $"; again in {Durations.Of(at - e.At)}" : "";

    private static string Number(EventDetails e, string name) => long.TryParse(Text(e, "usage", name), CultureInfo.InvariantCulture, out var number) ? StateText.Number(number) : "0";

    private static string Cost(EventDetails e) =>
        long.TryParse(Text(e, "usage", "costMicros"), CultureInfo.InvariantCulture, out var micros) ? $"${(micros / 1_000_000m).ToString("0.0000", CultureInfo.InvariantCulture)}" : "";

    private static string Text(EventDetails e, params string[] path)
    {
        JsonNode? node = e.Data;
        foreach (var name in path)
        {
            node = (node as JsonObject)?[name];
        }

        return node is JsonValue value ? value.ToString() : "";
    }

    private static string Cut(string text)
    {
        var line = text.ReplaceLineEndings(" ");
        return line.Length > Longest ? line[..Longest] + "…" : line;
    }
}
