using System.Text.Json.Serialization;
using AiCd.Actors.Jobs.Payloads;

namespace AiCd.Actors.Jobs;

/// <summary>
/// Something that happened to a job. The set is closed: every event is nested here. <see cref="At"/> is stored beside the payload,
/// not in it, and comes from the command that caused the event. Only what a linked job may inherit has a name in commands.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "event", UnknownDerivedTypeHandling = JsonUnknownDerivedTypeHandling.FailSerialization)]
[JsonDerivedType(typeof(StartPlanning), "START_PLANNING")]
[JsonDerivedType(typeof(PlanSucceeded), "PLAN_SUCCEEDED")]
[JsonDerivedType(typeof(StartCoding), "START_CODING")]
[JsonDerivedType(typeof(CodeSucceeded), "CODE_SUCCEEDED")]
[JsonDerivedType(typeof(StartReviewing), "START_REVIEWING")]
[JsonDerivedType(typeof(ReviewApproved), "REVIEW_APPROVED")]
[JsonDerivedType(typeof(ReviewRejected), "REVIEW_REJECTED")]
[JsonDerivedType(typeof(PlanProposed), "PLAN_PROPOSED")]
[JsonDerivedType(typeof(FeedbackAdded), "FEEDBACK_ADDED")]
public abstract record JobEvent
{
    private JobEvent()
    {
    }

    [JsonIgnore]
    public DateTimeOffset At { get; init; }

    /// <summary>The incarnation of the node that recorded the event; null in journals from before it was kept.</summary>
    [JsonPropertyOrder(1)]
    public string? Node { get; init; }

    /// <summary>The act that brought the event about, where its command named one; see <see cref="JobCommand.Act"/>.</summary>
    [JsonPropertyOrder(2)]
    public string? Act { get; init; }

    /// <summary>The move that the event makes, or null where it is a fact that changes no state.</summary>
    [JsonIgnore]
    public abstract JobTransition? Transition { get; }

    public abstract record Move(JobTransition Kind) : JobEvent
    {
        [JsonIgnore]
        public JobTransition Kind { get; } = Kind;

        [JsonIgnore]
        public sealed override JobTransition? Transition => Kind;
    }

    public abstract record Fact : JobEvent
    {
        [JsonIgnore]
        public sealed override JobTransition? Transition => null;
    }

    public sealed record StartPlanning(string AttemptId, string Incarnation) : Move(JobTransition.StartPlanning);

    /// <param name="AttemptId">Null where the plan was approved by a person: then no attempt is running.</param>
    /// <param name="BaseSha">The commit of the base branch that the plan was made upon.</param>
    /// <param name="IssueSha256">The issue's text that was approved with the plan, where a person approved it.</param>
    public sealed record PlanSucceeded(
        string? AttemptId, string Summary, IReadOnlyList<ArtifactRef> Artifacts, string? ApprovedBy = null, string? BaseSha = null, string? IssueSha256 = null)
        : Move(JobTransition.PlanSucceeded)
    {
        [JsonConstructor]
        internal PlanSucceeded(
            string summary,
            IReadOnlyList<ArtifactRef> artifacts,
            string? attemptId = null,
            string? approvedBy = null,
            string? baseSha = null,
            string? issueSha256 = null)
            : this(attemptId, summary, artifacts, approvedBy, baseSha, issueSha256)
        {
        }
    }

    public sealed record PlanFailed(JobFailure Failure) : Move(JobTransition.PlanFailed);

    public sealed record StartCoding(string AttemptId, string Incarnation) : Move(JobTransition.StartCoding);

    public sealed record CodeSucceeded(string AttemptId, string Summary, CommittedChange Change, IReadOnlyList<ArtifactRef> Artifacts)
        : Move(JobTransition.CodeSucceeded);

    public sealed record CodeFailed(JobFailure Failure) : Move(JobTransition.CodeFailed);

    public sealed record StartReviewing(string AttemptId, string Incarnation) : Move(JobTransition.StartReviewing);

    /// <param name="TreeSha">The tree that was reviewed; a pull request is opened for no other.</param>
    public sealed record ReviewApproved(string AttemptId, string TreeSha, string Summary, IReadOnlyList<ArtifactRef> Artifacts)
        : Move(JobTransition.ReviewApproved);

    public sealed record ReviewRejected(string AttemptId, int Round, string Summary, IReadOnlyList<ArtifactRef> Artifacts)
        : Move(JobTransition.ReviewRejected);

    public sealed record ReviewFailed(JobFailure Failure, IReadOnlyList<ArtifactRef> Artifacts) : Move(JobTransition.ReviewFailed);

    public sealed record PrOpened(string AttemptId, PullRequestRef PullRequest) : Move(JobTransition.PrOpened);

    public sealed record PrFailed(JobFailure Failure) : Move(JobTransition.PrFailed);

    public sealed record MarkCompleted() : Move(JobTransition.MarkCompleted);

    public sealed record MarkCancelled(string Reason, string? By = null) : Move(JobTransition.MarkCancelled);

    public sealed record Submitted(Submission Submission) : Fact;

    /// <summary>Opens an attempt that is not the first of its stage entry, and every attempt of PR_OPEN.</summary>
    public sealed record AttemptStarted(Stage Stage, string AttemptId, string Incarnation) : Fact;

    /// <param name="RetryAt">When the next attempt is due, or null where there will be none.</param>
    /// <param name="Artifacts">What the attempt said before it failed; null where it said nothing, and in journals from before it was kept.</param>
    public sealed record AttemptFailed(
        Stage Stage, string AttemptId, int Attempt, string Code, string Message, DateTimeOffset? RetryAt = null, IReadOnlyList<ArtifactRef>? Artifacts = null) : Fact;

    /// <summary>The node that ran the attempt is gone or stopped; the work is owed again.</summary>
    /// <param name="Counted">False where the node stopped in good order: such an interruption says nothing about the job.</param>
    /// <param name="RetryAt">When the next attempt is due; null for at once.</param>
    public sealed record AttemptInterrupted(Stage Stage, string AttemptId, string Reason, bool Counted, DateTimeOffset? RetryAt = null) : Fact;

    /// <summary>A plan that waits for approval.</summary>
    /// <param name="BaseSha">The commit of the base branch that the plan was made upon.</param>
    public sealed record PlanProposed(string AttemptId, string Summary, IReadOnlyList<ArtifactRef> Artifacts, string? BaseSha = null) : Fact;

    /// <summary>A person turned the proposed plan down; planning starts anew with the feedback.</summary>
    public sealed record PlanTurnedDown(string Feedback, string? By = null) : Fact;

    public sealed record FeedbackAdded(string Text, string? By = null) : Fact;

    public sealed record PriorityChanged(int Priority, string? By = null) : Fact;

    /// <summary>The issue was rewritten where it was filed. A plan that waits for approval was made for another text, and is void.</summary>
    public sealed record IssueEdited(string Title, ArtifactRef Body, string? By = null) : Fact;

    /// <summary>Something outside is about to be changed. Whoever finds it open must probe before acting again.</summary>
    public sealed record EffectIntended(string AttemptId, string Effect, string Target) : Fact;

    public sealed record EffectDone(string AttemptId, string Effect, string Outcome) : Fact;

    public sealed record UsageSettled(string CallId, Stage Stage, string Model, Usage Usage) : Fact;

    /// <summary>A turn of an agent: what it asked, what it was answered, what its tools said.</summary>
    /// <param name="Number">From 1 within the stage entry; later attempts go on counting.</param>
    public sealed record TurnRecorded(Stage Stage, string AttemptId, int Number, string Kind, ArtifactRef Turn, string? Prompt = null) : Fact;

    /// <summary>The budget does not cover the next call: the job waits until it is raised.</summary>
    public sealed record BudgetExhausted(Stage Stage, string AttemptId, string Reason) : Fact;

    public sealed record BudgetRaised(string? By = null) : Fact;
}
