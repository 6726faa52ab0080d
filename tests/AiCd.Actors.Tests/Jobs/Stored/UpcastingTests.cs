using System.Text;
using System.Text.Json.Nodes;
using AiCd.Actors.Jobs;
using AiCd.Actors.Jobs.Stored;

namespace AiCd.Actors.Tests.Jobs.Stored;

public sealed class UpcastingTests
{
    /// <summary>Once a bare <c>comment</c>, then with an <c>author</c>, today <c>text</c> and <c>by</c>.</summary>
    private static readonly StoredEventType Evolved = new("FEEDBACK_ADDED", typeof(JobEvent.FeedbackAdded), JobJson.Default.FeedbackAdded, 3,
    [
        first => new JsonObject { ["comment"] = first["comment"]!.DeepClone(), ["author"] = "unknown" },
        second => new JsonObject { ["text"] = second["comment"]!.DeepClone(), ["by"] = second["author"]?.DeepClone() },
    ]);

    [Theory]
    [InlineData("""{"comment":"old"}""", "unknown")]
    [InlineData("""{"v":1,"comment":"old"}""", "unknown")]
    [InlineData("""{"v":2,"comment":"old","author":"ann"}""", "ann")]
    [InlineData("""{"comment":"old","author":"ann", "v" : 2}""", "ann")]
    [InlineData("""{"v":2,"comment":"old"}""", null)]
    [InlineData("""{"v":3,"text":"old","by":"ann"}""", "ann")]
    [InlineData("""{"v":3,"text":"old"}""", null)]
    public void Every_version_is_brought_to_the_present_one(string payload, string? by) =>
        Decode(Evolved, payload).ShouldBe(new JobEvent.FeedbackAdded("old", by) { At = Do.T0 });

    [Fact]
    public void The_present_version_is_written_first()
    {
        var e = new JobEvent.FeedbackAdded("new", "ann") { At = Do.T0 };

        var payload = Encoding.UTF8.GetString(JobEventCodec.Encode(Evolved, e));

        payload.ShouldBe("""{"v":3,"text":"new","by":"ann"}""");
        Decode(Evolved, payload).ShouldBe(e);
    }

    [Theory]
    [InlineData("""{"v":4,"text":"x"}""", "FEEDBACK_ADDED has payload version 4; this program reads 1 to 3")]
    [InlineData("""{"text":"x", "v": 4}""", "FEEDBACK_ADDED has payload version 4; this program reads 1 to 3")]
    [InlineData("""{"v":0,"text":"x"}""", "FEEDBACK_ADDED has payload version 0; this program reads 1 to 3")]
    [InlineData("""{"v":-1,"text":"x"}""", "FEEDBACK_ADDED has payload version -1; this program reads 1 to 3")]
    public void A_version_of_another_program_is_refused(string payload, string message) =>
        Should.Throw<CorruptEventException>(() => Decode(Evolved, payload)).Message.ShouldBe(message);

    [Theory]
    [InlineData("""{"v":2,"text":"x"}""")]
    [InlineData("""{ "v" : 2, "text":"x"}""")]
    [InlineData("""{"text":"x","v":2}""")]
    public void An_event_that_never_had_another_version_refuses_one(string payload) =>
        Should.Throw<CorruptEventException>(() => JobEventCodec.Decode("FEEDBACK_ADDED", Encoding.UTF8.GetBytes(payload), Do.T0))
            .Message.ShouldBe("FEEDBACK_ADDED has payload version 2; this program reads 1 to 1");

    [Theory]
    [InlineData("""{"v":1}""")]
    [InlineData("""{"v":1,"comment":5}""")]
    [InlineData("""{"v":1,"comment":"a","comment":"b"}""")]
    [InlineData("""{"v":2,"comment":"a"} x""")]
    [InlineData("""{"v":"1","comment":"a"}""")]
    [InlineData("""{"v":1.5,"comment":"a"}""")]
    [InlineData("""{"v":1e99,"comment":"a"}""")]
    [InlineData("""{"v":null,"comment":"a"}""")]
    [InlineData("""{"v":{},"comment":"a"}""")]
    [InlineData("""[{"v":1}]""")]
    [InlineData("null")]
    [InlineData("")]
    public void A_corrupt_payload_of_an_older_version_is_called_so(string payload) =>
        Should.Throw<CorruptEventException>(() => Decode(Evolved, payload));

    private static JobEvent Decode(StoredEventType type, string payload) => JobEventCodec.Decode(type, Encoding.UTF8.GetBytes(payload), Do.T0);
}
