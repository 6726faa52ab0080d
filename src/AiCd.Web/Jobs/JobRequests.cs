using System.ComponentModel;
using AiCd.Actors.Jobs;

namespace AiCd.Web.Jobs;

/// <summary>A job to be made of an issue.</summary>
public sealed record SubmitJobRequest(
    [property: Description("One line.")] string Title,
    [property: Description("A path or URL that the tenant was allowed to name.")] string Repository,
    [property: Description("Markdown or plain text.")] string? Body = null,
    [property: Description("Where the issue stands.")] string? Url = null,
    [property: Description("By default the one that the repository's .aicd.yml names, or its default branch.")] string? BaseBranch = null,
    [property: Description("The agent that plans, codes and reviews; by default the one that the repository's .aicd.yml names, or mock.")] string? Agent = null,
    [property: Description("From -100 to 100; higher runs first.")] int? Priority = null,
    [property: Description("Up to 20.")] IReadOnlyList<string>? Labels = null,
    [property: Description("What the job may spend, in US dollars; never more than the installation lets a job spend.")] decimal? Budget = null,
    [property: Description("True where a person has to approve the plan before anything is coded.")] bool? RequirePlanApproval = null,
    [property: Description("Nothing starts earlier.")] DateTimeOffset? NotBefore = null,
    [property: Description("What is not finished by then is cancelled.")] DateTimeOffset? Deadline = null);

/// <summary>Why something is done.</summary>
public sealed record ReasonRequest(string? Reason = null);

/// <summary>The plan that was read, by the token that a job shows for it.</summary>
public sealed record ApproveRequest([property: Description("`proposedPlan.approval` of the job as it was read.")] string Approval);

/// <summary>Why a proposed plan is not good enough; planning starts anew with it.</summary>
public sealed record RejectRequest(string Reason);

/// <summary>What the agent should take into account from now on.</summary>
public sealed record FeedbackRequest(string Text);

/// <summary>From -100 to 100; higher runs first.</summary>
public sealed record PriorityRequest(int Priority);

/// <summary>Where another job goes on from.</summary>
public sealed record ForkRequest(
    [property: Description("The last event that counts; by default the last there is.")] int? Seq = null,
    [property: Description("Another agent; by default the same.")] string? Agent = null);

/// <summary>The jobs that a bulk action is for.</summary>
public sealed record FilterRequest(
    IReadOnlyList<JobState>? State = null,
    string? Repository = null,
    string? Label = null,
    string? Text = null,
    string? Waiting = null,
    DateTimeOffset? From = null,
    DateTimeOffset? To = null);

/// <summary>Something done to all jobs that match. Without `confirm` nothing is done but counted.</summary>
public sealed record BulkRequest(
    [property: Description("`cancel` or `retry`.")] string Action,
    FilterRequest Filter,
    [property: Description("The token that the preview gave.")] string? Confirm = null,
    string? Reason = null);
