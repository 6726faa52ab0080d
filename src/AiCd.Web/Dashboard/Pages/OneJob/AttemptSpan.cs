using System.Text.Json.Nodes;
using AiCd.Actors.Jobs;
using AiCd.Web.Jobs;

namespace AiCd.Web.Dashboard.Pages.OneJob;

/// <summary>An attempt as a stretch of time.</summary>
/// <param name="Number">From 1 within its stage entry.</param>
/// <param name="Node">The incarnation of the node that ran it.</param>
/// <param name="Ended">Null while it runs.</param>
/// <param name="Outcome">The event that ended it.</param>
public sealed record AttemptSpan(Stage Stage, int Number, string? Node, int Seq, DateTimeOffset Started, DateTimeOffset? Ended, string? Outcome)
{
    public string Tone => Outcome switch
    {
        null => "running",
        "ATTEMPT_FAILED" or "PLAN_FAILED" or "CODE_FAILED" or "REVIEW_FAILED" or "PR_FAILED" => "bad",
        "ATTEMPT_INTERRUPTED" or "REVIEW_REJECTED" or "MARK_CANCELLED" => "warn",
        _ => "good",
    };

    /// <summary>The attempts that a job's own events tell of.</summary>
    public static IReadOnlyList<AttemptSpan> Of(IReadOnlyList<EventDetails> events)
    {
        var spans = new List<AttemptSpan>();
        AttemptSpan? open = null;
        foreach (var e in events.Where(e => e.Inherited != true))
        {
            if (StartOf(e) is { } stage)
            {
                Close(e);
                var number = e.Event == "ATTEMPT_STARTED" && spans.Count > 0 && spans[^1].Stage == stage ? spans[^1].Number + 1 : 1;
                open = new AttemptSpan(stage, number, (e.Data["incarnation"] as JsonValue)?.ToString() ?? e.Node, e.Seq, e.At, null, null);
            }
            else if (Ends(e.Event))
            {
                Close(e);
            }
        }

        return open is null ? spans : [.. spans, open];

        void Close(EventDetails by)
        {
            if (open is not null)
            {
                spans.Add(open with { Ended = by.At, Outcome = by.Event });
                open = null;
            }
        }
    }

    private static Stage? StartOf(EventDetails e) => e.Event switch
    {
        "START_PLANNING" => Stage.Planning,
        "START_CODING" => Stage.Coding,
        "START_REVIEWING" => Stage.Reviewing,
        "ATTEMPT_STARTED" when WireNames.TryParse<Stage>((e.Data["stage"] as JsonValue)?.ToString(), out var stage) => stage,
        _ => null,
    };

    private static bool Ends(string name) => name is "ATTEMPT_FAILED" or "ATTEMPT_INTERRUPTED" or "PLAN_PROPOSED" or "PLAN_SUCCEEDED" or "PLAN_FAILED" or "CODE_SUCCEEDED"
        or "CODE_FAILED" or "REVIEW_APPROVED" or "REVIEW_REJECTED" or "REVIEW_FAILED" or "PR_OPENED" or "PR_FAILED" or "MARK_CANCELLED" or "BUDGET_EXHAUSTED";
}
