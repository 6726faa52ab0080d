using System.Text.Json.Serialization;
using AiCd.Actors.Jobs.Payloads;

namespace AiCd.Actors.Jobs.Stored;

/// <summary>
/// Source-generated JSON of everything that is stored: camelCase, nulls left out, unknown members ignored on reading. A member
/// may be missing only where its parameter of the (JSON) constructor is optional, so every nullable one has a default there.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    AllowDuplicateProperties = false)]
[JsonSerializable(typeof(JobEvent.StartPlanning))]
[JsonSerializable(typeof(JobEvent.PlanSucceeded))]
[JsonSerializable(typeof(JobEvent.PlanFailed))]
[JsonSerializable(typeof(JobEvent.StartCoding))]
[JsonSerializable(typeof(JobEvent.CodeSucceeded))]
[JsonSerializable(typeof(JobEvent.CodeFailed))]
[JsonSerializable(typeof(JobEvent.StartReviewing))]
[JsonSerializable(typeof(JobEvent.ReviewApproved))]
[JsonSerializable(typeof(JobEvent.ReviewRejected))]
[JsonSerializable(typeof(JobEvent.ReviewFailed))]
[JsonSerializable(typeof(JobEvent.PrOpened))]
[JsonSerializable(typeof(JobEvent.PrFailed))]
[JsonSerializable(typeof(JobEvent.MarkCompleted))]
[JsonSerializable(typeof(JobEvent.MarkCancelled))]
[JsonSerializable(typeof(JobEvent.Submitted))]
[JsonSerializable(typeof(JobEvent.AttemptStarted))]
[JsonSerializable(typeof(JobEvent.AttemptFailed))]
[JsonSerializable(typeof(JobEvent.AttemptInterrupted))]
[JsonSerializable(typeof(JobEvent.PlanProposed))]
[JsonSerializable(typeof(JobEvent.PlanTurnedDown))]
[JsonSerializable(typeof(JobEvent.PriorityChanged))]
[JsonSerializable(typeof(JobEvent.IssueEdited))]
[JsonSerializable(typeof(JobEvent.FeedbackAdded))]
[JsonSerializable(typeof(JobEvent.EffectIntended))]
[JsonSerializable(typeof(JobEvent.EffectDone))]
[JsonSerializable(typeof(JobEvent.UsageSettled))]
[JsonSerializable(typeof(JobEvent.TurnRecorded))]
[JsonSerializable(typeof(JobEvent.BudgetExhausted))]
[JsonSerializable(typeof(JobEvent.BudgetRaised))]
[JsonSerializable(typeof(JobCommand))]
[JsonSerializable(typeof(Job))]
[JsonSerializable(typeof(PlanResult))]
[JsonSerializable(typeof(ReviewResult))]
[JsonSerializable(typeof(ChecksResult))]
public sealed partial class JobJson : JsonSerializerContext;
