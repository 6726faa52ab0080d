using System.Collections.Frozen;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace AiCd.Actors.Jobs.Stored;

/// <summary>All events by the names under which they stand in journals. A name is never reused for something else.</summary>
public static class JobEventCatalogue
{
    public static IReadOnlyList<StoredEventType> All { get; } =
    [
        Event("START_PLANNING", JobJson.Default.StartPlanning),
        Event("PLAN_SUCCEEDED", JobJson.Default.PlanSucceeded),
        Event("PLAN_FAILED", JobJson.Default.PlanFailed),
        Event("START_CODING", JobJson.Default.StartCoding),
        Event("CODE_SUCCEEDED", JobJson.Default.CodeSucceeded),
        Event("CODE_FAILED", JobJson.Default.CodeFailed),
        Event("START_REVIEWING", JobJson.Default.StartReviewing),
        Event("REVIEW_APPROVED", JobJson.Default.ReviewApproved),
        Event("REVIEW_REJECTED", JobJson.Default.ReviewRejected),
        Event("REVIEW_FAILED", JobJson.Default.ReviewFailed),
        Event("PR_OPENED", JobJson.Default.PrOpened),
        Event("PR_FAILED", JobJson.Default.PrFailed),
        Event("MARK_COMPLETED", JobJson.Default.MarkCompleted),
        Event("MARK_CANCELLED", JobJson.Default.MarkCancelled),

        Event("SUBMITTED", JobJson.Default.Submitted),
        Event("ATTEMPT_STARTED", JobJson.Default.AttemptStarted),
        Event("ATTEMPT_FAILED", JobJson.Default.AttemptFailed),
        Event("ATTEMPT_INTERRUPTED", JobJson.Default.AttemptInterrupted),
        Event("PLAN_PROPOSED", JobJson.Default.PlanProposed),
        Event("PLAN_TURNED_DOWN", JobJson.Default.PlanTurnedDown),
        Event("PRIORITY_CHANGED", JobJson.Default.PriorityChanged),
        Event("ISSUE_EDITED", JobJson.Default.IssueEdited),
        Event("FEEDBACK_ADDED", JobJson.Default.FeedbackAdded),
        Event("EFFECT_INTENDED", JobJson.Default.EffectIntended),
        Event("EFFECT_DONE", JobJson.Default.EffectDone),
        Event("USAGE_SETTLED", JobJson.Default.UsageSettled),
        Event("TURN_RECORDED", JobJson.Default.TurnRecorded),
        Event("BUDGET_EXHAUSTED", JobJson.Default.BudgetExhausted),
        Event("BUDGET_RAISED", JobJson.Default.BudgetRaised),
    ];

    private static readonly FrozenDictionary<string, StoredEventType> ByName = All.ToFrozenDictionary(type => type.Name);
    private static readonly FrozenDictionary<Type, StoredEventType> ByType = All.ToFrozenDictionary(type => type.ClrType);

    public static StoredEventType Of(JobEvent e) => ByType[e.GetType()];

    public static StoredEventType? Find(string name) => ByName.GetValueOrDefault(name);

    private static StoredEventType Event<TEvent>(string name, JsonTypeInfo<TEvent> json, params Func<JsonObject, JsonObject>[] upcasters)
        where TEvent : JobEvent => new(name, typeof(TEvent), json, upcasters.Length + 1, upcasters);
}
