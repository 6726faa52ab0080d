using System.ComponentModel;
using System.Text.Json.Nodes;
using AiCd.Actors.Jobs;
using AiCd.Actors.Jobs.Payloads;
using AiCd.Actors.Runtime.Pools;

namespace AiCd.Web.Jobs;

/// <summary>What became of a submission.</summary>
public sealed record SubmittedJob(
    string Id,
    [property: Description("False where the idempotency key, or what the job is exclusive for, named a job that was there already.")] bool Created,
    [property: Description("False where the submission is durable and on its way to the node that owns the job.")] bool Settled,
    string Location);

/// <summary>A job as lists show it.</summary>
public sealed record JobSummary(
    string Id,
    JobState State,
    int Seq,
    string Title,
    string Repository,
    string BaseBranch,
    string Branch,
    string Agent,
    int Priority,
    IReadOnlyList<string> Labels,
    string? Url,
    int Round,
    int? Attempt,
    [property: Description("`approval` or `budget` where a person has to do something.")] string? Waiting,
    decimal Cost,
    decimal? Budget,
    PullRequestSummary? PullRequest,
    FailureSummary? Failure,
    ParentJob? Parent,
    string? SubmittedBy,
    DateTimeOffset SubmittedAt,
    DateTimeOffset UpdatedAt,
    DateTimeOffset? EndedAt);

public sealed record PullRequestSummary(int Number, string Url);

public sealed record FailureSummary(string Code, string? Message);

/// <summary>The job that a linked one goes on from.</summary>
public sealed record ParentJob(string Job, JobLinkKind Kind, int? Seq = null);

/// <summary>A page of jobs.</summary>
public sealed record JobPage(IReadOnlyList<JobSummary> Items, [property: Description("For the next page; missing on the last.")] string? Next);

/// <summary>All that there is to know of a job.</summary>
public sealed record JobDetails(
    string Id,
    JobState State,
    [property: Description("The number of its last event; its ETag.")] int Seq,
    string Title,
    string? Body,
    string? Url,
    string Repository,
    string BaseBranch,
    string Branch,
    string Agent,
    int Priority,
    IReadOnlyList<string> Labels,
    decimal? Budget,
    bool RequirePlanApproval,
    DateTimeOffset? NotBefore,
    DateTimeOffset? Deadline,
    string? SubmittedBy,
    DateTimeOffset SubmittedAt,
    DateTimeOffset UpdatedAt,
    DateTimeOffset? EndedAt,
    ParentJob? Parent,
    int Round,
    AttemptDetails? Attempt,
    int FailedAttempts,
    DateTimeOffset? RetryAt,
    WaitingDetails? Waiting,
    ProposedPlanDetails? ProposedPlan,
    string? Plan,
    string? CodeSummary,
    CommittedChange? Change,
    string? ReviewSummary,
    IReadOnlyList<Feedback> Feedback,
    PullRequestRef? PullRequest,
    JobFailure? Failure,
    Usage Usage,
    decimal Cost,
    StageTimes WorkMilliseconds,
    JobLinks Links);

public sealed record AttemptDetails(string Id, int Number, string Node, DateTimeOffset StartedAt);

/// <summary>Why a job does not move; see <see cref="WaitingCodes"/>.</summary>
public sealed record WaitingDetails(
    string Code,
    Stage Stage,
    int? Position,
    DateTimeOffset? DueAt,
    [property: Description("Which budget does not cover what, where the job waits for money.")] string? Reason = null);

/// <summary>A plan that waits for approval.</summary>
public sealed record ProposedPlanDetails(
    string Summary,
    [property: Description("Stands for exactly this plan, base commit and text of the issue.")] string Approval,
    string PlanSha256,
    string? BaseSha,
    string IssueSha256);

public sealed record JobLinks(string Self, string Events, string Artifacts, string Stream);

/// <summary>An event of a job's history.</summary>
public sealed record EventDetails(
    int Seq,
    string Event,
    [property: Description("After the event.")] JobState State,
    DateTimeOffset At,
    [property: Description("Who brought it about: a key, a person, an agent, or `aicd` itself.")] string Actor,
    [property: Description("The incarnation of the node that recorded it.")] string? Node,
    [property: Description("True where it tells of a result that the job took over from another.")] bool? Inherited,
    JsonObject Data);

public sealed record EventPage(IReadOnlyList<EventDetails> Items, [property: Description("The number to ask for more after; missing at the end.")] int? Next);

/// <summary>A job's history as the journal has it.</summary>
public sealed record RowPage(
    string Tenant, IReadOnlyList<RowDetails> Items, [property: Description("The number to ask for more after; missing at the end.")] int? Next);

public sealed record RowDetails(
    int Seq,
    [property: Description("The position in the job's shard; only for keys that may operate.")] long? ShardSeq,
    string Event,
    DateTimeOffset At,
    [property: Description("As it is stored, in base64.")] byte[] Payload);

/// <summary>Something that a job left.</summary>
public sealed record ArtifactDetails(
    string Kind, string Sha256, long Size, string MediaType, [property: Description("The event that names it.")] int Seq, string Url);

public sealed record ArtifactList(IReadOnlyList<ArtifactDetails> Items);

/// <summary>What an action led to: the job as it stands, or nothing more than that the action will be taken.</summary>
public sealed record AcceptedAction(string Id, string Location);

/// <summary>What a bulk action would do, or did.</summary>
public sealed record BulkResult(
    [property: Description("How many jobs match.")] long Matched,
    [property: Description("False in a preview.")] bool Done,
    [property: Description("To be sent as `confirm`: after a preview to do it, and to go on where jobs remain.")] string? Confirm,
    int Applied,
    int Refused,
    int Pending,
    [property: Description("Matching jobs that were left for another call.")] long Remaining,
    IReadOnlyList<string> Jobs,
    [property: Description("The quota that was used up before all were done; missing where none was.")] string? Stopped = null);
