using System.Text.Json.Serialization;
using AiCd.Actors.Jobs.Payloads;

namespace AiCd.Actors.Jobs;

/// <summary>
/// What somebody wants of a job. Time, ids and policy come in with it, because the core has no clock, no randomness and no
/// configuration.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "command")]
[JsonDerivedType(typeof(Submit), "SUBMIT")]
[JsonDerivedType(typeof(StartAttempt), "START_ATTEMPT")]
[JsonDerivedType(typeof(CompletePlanning), "COMPLETE_PLANNING")]
[JsonDerivedType(typeof(ApprovePlan), "APPROVE_PLAN")]
[JsonDerivedType(typeof(TurnDownPlan), "TURN_DOWN_PLAN")]
[JsonDerivedType(typeof(CompleteCoding), "COMPLETE_CODING")]
[JsonDerivedType(typeof(ApproveReview), "APPROVE_REVIEW")]
[JsonDerivedType(typeof(RejectReview), "REJECT_REVIEW")]
[JsonDerivedType(typeof(IntendEffect), "INTEND_EFFECT")]
[JsonDerivedType(typeof(CompleteEffect), "COMPLETE_EFFECT")]
[JsonDerivedType(typeof(RecordPullRequest), "RECORD_PULL_REQUEST")]
[JsonDerivedType(typeof(Complete), "COMPLETE")]
[JsonDerivedType(typeof(FailAttempt), "FAIL_ATTEMPT")]
[JsonDerivedType(typeof(InterruptAttempt), "INTERRUPT_ATTEMPT")]
[JsonDerivedType(typeof(AddFeedback), "ADD_FEEDBACK")]
[JsonDerivedType(typeof(ChangePriority), "CHANGE_PRIORITY")]
[JsonDerivedType(typeof(EditIssue), "EDIT_ISSUE")]
[JsonDerivedType(typeof(SettleUsage), "SETTLE_USAGE")]
[JsonDerivedType(typeof(RecordTurn), "RECORD_TURN")]
[JsonDerivedType(typeof(HoldForBudget), "HOLD_FOR_BUDGET")]
[JsonDerivedType(typeof(RaiseBudget), "RAISE_BUDGET")]
[JsonDerivedType(typeof(Cancel), "CANCEL")]
public abstract record JobCommand
{
    private JobCommand()
    {
    }

    /// <summary>When the command was given, in whole milliseconds.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The number of the last event that whoever gives the command has seen: a job that has moved on refuses. Null where any will do.</summary>
    public int? IfSeq { get; init; }

    /// <summary>
    /// What somebody did elsewhere that the command comes of, such as one comment: it changes one job, once, however often it is told. Null
    /// where whoever gives the command hears what became of it.
    /// </summary>
    public string? Act { get; init; }

    /// <param name="Inherited">What a linked job takes over; see <see cref="Inheritance"/>.</param>
    public sealed record Submit(Submission Submission, IReadOnlyList<JobEvent>? Inherited = null) : JobCommand;

    /// <summary>A pool granted a place: open the next attempt of the stage that the job owes.</summary>
    /// <param name="Incarnation">Of the node that is to run it.</param>
    /// <param name="GoneAttemptId">
    /// The attempt that is still open but whose incarnation is gone. Whoever gives the command has made sure of that: an attempt
    /// that may still be alive is never replaced.
    /// </param>
    /// <param name="MaxInterruptions">How many counted interruptions a stage entry survives.</param>
    public sealed record StartAttempt(Stage Stage, string AttemptId, string Incarnation, string? GoneAttemptId, int MaxInterruptions) : JobCommand
    {
        [JsonConstructor]
        internal StartAttempt(Stage stage, string attemptId, string incarnation, int maxInterruptions, string? goneAttemptId = null)
            : this(stage, attemptId, incarnation, goneAttemptId, maxInterruptions)
        {
        }
    }

    /// <param name="BaseSha">The commit of the base branch that the plan was made upon.</param>
    public sealed record CompletePlanning(string AttemptId, string Summary, IReadOnlyList<ArtifactRef> Artifacts, string? BaseSha = null) : JobCommand;

    /// <param name="PlanSha256">The plan that was read and is approved: an approval of another one is refused.</param>
    /// <param name="BaseSha">The base commit that was read with it; null where none was recorded.</param>
    /// <param name="IssueSha256">The issue's text that was read with it; null where the way in does not show it.</param>
    public sealed record ApprovePlan(string PlanSha256, string? By = null, string? BaseSha = null, string? IssueSha256 = null) : JobCommand;

    public sealed record TurnDownPlan(string Feedback, string? By = null) : JobCommand;

    public sealed record CompleteCoding(string AttemptId, string Summary, CommittedChange Change, IReadOnlyList<ArtifactRef> Artifacts) : JobCommand;

    public sealed record ApproveReview(string AttemptId, string TreeSha, string Summary, IReadOnlyList<ArtifactRef> Artifacts) : JobCommand;

    /// <param name="MaxReviewRounds">When this round is rejected too, the job fails.</param>
    public sealed record RejectReview(string AttemptId, string Summary, IReadOnlyList<ArtifactRef> Artifacts, int MaxReviewRounds) : JobCommand;

    public sealed record IntendEffect(string AttemptId, string Effect, string Target) : JobCommand;

    public sealed record CompleteEffect(string AttemptId, string Effect, string Outcome) : JobCommand;

    /// <param name="CompletesJob">True where an open pull request is all that was asked for.</param>
    public sealed record RecordPullRequest(string AttemptId, PullRequestRef PullRequest, bool CompletesJob) : JobCommand;

    public sealed record Complete : JobCommand;

    /// <param name="RetryAt">When to try again; null where trying again is pointless (the Stop directive).</param>
    /// <param name="MaxAttempts">Of one stage entry.</param>
    /// <param name="Artifacts">What the attempt said before it failed; null where it said nothing.</param>
    public sealed record FailAttempt(
        string AttemptId, string Code, string Message, DateTimeOffset? RetryAt, int MaxAttempts, IReadOnlyList<ArtifactRef>? Artifacts = null) : JobCommand
    {
        [JsonConstructor]
        internal FailAttempt(
            string attemptId, string code, string message, int maxAttempts, DateTimeOffset? retryAt = null, IReadOnlyList<ArtifactRef>? artifacts = null)
            : this(attemptId, code, message, retryAt, maxAttempts, artifacts)
        {
        }
    }

    /// <param name="Counted">False where the node stopped in good order, or where it was no fault of the job.</param>
    /// <param name="RetryAt">When to go on at the earliest; null for at once.</param>
    public sealed record InterruptAttempt(string AttemptId, string Reason, bool Counted, DateTimeOffset? RetryAt = null) : JobCommand;

    public sealed record AddFeedback(string Text, string? By = null) : JobCommand;

    public sealed record ChangePriority(int Priority, string? By = null) : JobCommand;

    public sealed record EditIssue(string Title, ArtifactRef Body, string? By = null) : JobCommand;

    public sealed record SettleUsage(string CallId, Stage Stage, string Model, Usage Usage) : JobCommand;

    /// <summary>Puts a turn of the running attempt on record, in one stroke with what it cost.</summary>
    /// <param name="Kind">What the turn is, in the words of the agent that will read it again.</param>
    /// <param name="Prompt">Name and version of the prompt that the turn begins with.</param>
    /// <param name="Usage">Null where the turn cost nothing, or was settled before.</param>
    public sealed record RecordTurn(string AttemptId, string Kind, ArtifactRef Turn, string? Prompt, SettleUsage? Usage) : JobCommand
    {
        [JsonConstructor]
        internal RecordTurn(string attemptId, string kind, ArtifactRef turn, SettleUsage? usage = null, string? prompt = null)
            : this(attemptId, kind, turn, prompt, usage)
        {
        }
    }

    public sealed record HoldForBudget(string AttemptId, string Reason) : JobCommand;

    public sealed record RaiseBudget(string? By = null) : JobCommand;

    public sealed record Cancel(string Reason, string? By = null) : JobCommand;
}
