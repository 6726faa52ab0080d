using System.Text.Json.Serialization;

namespace AiCd.Actors.Jobs;

/// <summary>Where a job stands. The wire names (<see cref="WireNames"/>) are the ones on every API and in every journal.</summary>
[JsonConverter(typeof(WireNameConverter<JobState>))]
public enum JobState
{
    Queued,
    Planning,
    Coding,
    Reviewing,
    PrOpen,
    Completed,
    Failed,
    Cancelled,
}
