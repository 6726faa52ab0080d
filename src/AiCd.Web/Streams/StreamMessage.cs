using System.Text.Json;
using AiCd.Actors.Journal;
using AiCd.Web.Json;

namespace AiCd.Web.Streams;

/// <summary>What goes to the readers of streams. One object for all of them.</summary>
internal abstract record StreamMessage(byte[] Data);

/// <summary>An event of a job, as it stands in the journal.</summary>
/// <param name="Positions">Of all shards, after this event, in the order in which the tail read them.</param>
internal sealed record StreamEvent(JournalRow Row, bool EndsJob, byte[] Data, long[] Positions, PositionTokens Tokens) : StreamMessage(Data)
{
    private string? _token;

    /// <summary>Made once for all readers; two that make it at once make it alike.</summary>
    public string Token => _token ??= Tokens.Create(Positions);
}

/// <summary>What a running attempt says. It is not in the journal, so it has no id and is not made up for.</summary>
/// <param name="Name"><c>progress</c> or <c>transcript</c>.</param>
internal sealed record StreamNote(string Name, byte[] Data) : StreamMessage(Data)
{
    public static StreamNote Of(LiveNote note)
    {
        var name = note.Role is null ? "progress" : "transcript";
        return new StreamNote(
            name, JsonSerializer.SerializeToUtf8Bytes(new StreamedNote(name, note.Job.Value, note.Stage, note.AttemptId, note.Role, note.Text), WebJson.Options));
    }
}
