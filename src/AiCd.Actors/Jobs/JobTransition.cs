using System.Text.Json.Serialization;

namespace AiCd.Actors.Jobs;

/// <summary>The fourteen events that move a job along its life cycle; every other event is a fact that changes no state.</summary>
[JsonConverter(typeof(WireNameConverter<JobTransition>))]
public enum JobTransition
{
    StartPlanning,
    PlanSucceeded,
    PlanFailed,
    StartCoding,
    CodeSucceeded,
    CodeFailed,
    StartReviewing,
    ReviewApproved,
    ReviewRejected,
    ReviewFailed,
    PrOpened,
    PrFailed,
    MarkCompleted,
    MarkCancelled,
}
