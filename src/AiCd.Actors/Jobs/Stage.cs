using System.Text.Json.Serialization;

namespace AiCd.Actors.Jobs;

/// <summary>The kinds of work that a job can owe; each has a pool of workers of its own.</summary>
[JsonConverter(typeof(WireNameConverter<Stage>))]
public enum Stage
{
    Planning,
    Coding,
    Reviewing,
    PrOpen,
}
