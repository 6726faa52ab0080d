using System.Text.Json.Nodes;
using AiCd.Actors.Jobs;

namespace AiCd.Web.Streams;

/// <summary>The data of a streamed event; as the JSON lines of the command line, and who brought it about.</summary>
public sealed record StreamedEvent(
    string Type,
    string JobId,
    int Seq,
    string Event,
    JobState State,
    DateTimeOffset At,
    string Actor,
    string? Node,
    bool? Inherited,
    JsonObject Data);

/// <summary>What a running attempt says of itself, or a turn of its transcript.</summary>
public sealed record StreamedNote(string Type, string JobId, Stage Stage, string AttemptId, string? Role, string Text);
