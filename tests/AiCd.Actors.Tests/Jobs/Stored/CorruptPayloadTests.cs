using System.Text;
using System.Text.Json.Nodes;
using AiCd.Actors.Jobs.Stored;

namespace AiCd.Actors.Tests.Jobs.Stored;

/// <summary>Whatever became of a payload: it is refused as corrupt, or nothing of what it says is lost or made up.</summary>
public sealed class CorruptPayloadTests
{
    public static TheoryData<int> Lines => StoredEventsTests.Lines;

    [Theory]
    [MemberData(nameof(Lines))]
    public void A_payload_that_breaks_off_is_refused(int line)
    {
        var stored = StoredEventLine.All[line - 1];
        for (var length = 0; length < stored.Payload.Length; length++)
        {
            ShouldBeRefused(stored.Event, stored.Payload[..length]);
        }
    }

    [Theory]
    [MemberData(nameof(Lines))]
    public void A_payload_that_is_not_utf8_is_refused(int line)
    {
        var stored = StoredEventLine.All[line - 1];
        for (var i = 0; i < stored.Payload.Length; i++)
        {
            var damaged = stored.Payload.ToArray();
            damaged[i] = 0xFF;
            ShouldBeRefused(stored.Event, damaged);
        }
    }

    [Theory]
    [MemberData(nameof(Lines))]
    public void A_member_that_is_missing_or_replaced_is_refused_or_shows(int line)
    {
        var stored = StoredEventLine.All[line - 1];
        foreach (var mutant in JsonMutants.Of(JsonNode.Parse(stored.Payload)!))
        {
            var payload = Encoding.UTF8.GetBytes(mutant.ToJsonString());
            try
            {
                var read = JsonNode.Parse(JobEventCodec.Encode(JobEventCodec.Decode(stored.Event, payload, Do.T0)))!;
                JsonNode.DeepEquals(read, Expected(mutant)).ShouldBeTrue($"{mutant.ToJsonString()} was read as {read.ToJsonString()}");
            }
            catch (CorruptEventException refused)
            {
                refused.Message.ShouldContain(stored.Event);
            }
        }
    }

    [Theory]
    [InlineData("START_CODING", """{"incarnation":"n/1"}""")]
    [InlineData("START_CODING", """{"attemptId":null,"incarnation":"n/1"}""")]
    [InlineData("START_CODING", """{"attemptId":"a","attemptId":"b","incarnation":"n/1"}""")]
    [InlineData("START_CODING", """{"AttemptId":"a","incarnation":"n/1"}""")]
    [InlineData("ATTEMPT_STARTED", """{"attemptId":"a","incarnation":"n/1"}""")]
    [InlineData("ATTEMPT_STARTED", """{"stage":"coding","attemptId":"a","incarnation":"n/1"}""")]
    [InlineData("ATTEMPT_STARTED", """{"stage":1,"attemptId":"a","incarnation":"n/1"}""")]
    [InlineData("ATTEMPT_INTERRUPTED", """{"stage":"CODING","attemptId":"a","reason":"r"}""")]
    [InlineData("ATTEMPT_FAILED", """{"stage":"CODING","attemptId":"a","attempt":1,"code":"c","message":"m","retryAt":"soon"}""")]
    [InlineData("PR_OPENED", """{"attemptId":"a"}""")]
    [InlineData("PR_OPENED", """{"attemptId":"a","pullRequest":null}""")]
    [InlineData("PR_OPENED", """{"attemptId":"a","pullRequest":{"url":"u","branch":"b","headSha":"h"}}""")]
    [InlineData("PLAN_SUCCEEDED", """{"summary":"s"}""")]
    [InlineData("PLAN_SUCCEEDED", """{"summary":"s","artifacts":[null]}""")]
    [InlineData("USAGE_SETTLED", """{"callId":"c","stage":"CODING","model":"m","usage":{}}""")]
    [InlineData("SUBMITTED", """{}""")]
    [InlineData("MARK_COMPLETED", "null")]
    [InlineData("MARK_COMPLETED", "[]")]
    [InlineData("MARK_COMPLETED", "{} {}")]
    [InlineData("MARK_COMPLETED", "\uFEFF{}")]
    [InlineData("MARK_COMPLETED", """{"at":"2030-01-01",}""")]
    [InlineData("MARK_CANCELLED", """{"reason":"\ud800"}""")]
    public void Damage_that_happens_is_refused(string name, string payload) => ShouldBeRefused(name, Encoding.UTF8.GetBytes(payload));

    [Fact]
    public void A_payload_nested_without_end_is_refused()
    {
        var nested = string.Concat(Enumerable.Repeat("[", 100_000));

        ShouldBeRefused("MARK_COMPLETED", Encoding.UTF8.GetBytes($$"""{"x":{{nested}}"""));
        ShouldBeRefused("MARK_COMPLETED", Encoding.UTF8.GetBytes($$"""{"x":{{nested}}{{nested.Replace('[', ']')}}}"""));
    }

    [Fact]
    public void The_refusal_names_the_event_and_keeps_the_cause()
    {
        var refused = Should.Throw<CorruptEventException>(() => JobEventCodec.Decode("START_CODING", "{}"u8, Do.T0));

        refused.Message.ShouldStartWith("the payload of START_CODING cannot be read: ");
        refused.InnerException.ShouldNotBeNull();
    }

    /// <summary>Two members of a submission have a default that is no null.</summary>
    private static JsonNode? Expected(JsonNode mutant)
    {
        var expected = JsonMutants.WithoutNulls(mutant);
        if (expected?["submission"] is JsonObject submission)
        {
            submission.TryAdd("priority", 0);
            submission.TryAdd("requirePlanApproval", false);
        }

        return expected;
    }

    private static void ShouldBeRefused(string name, byte[] payload) =>
        Should.Throw<CorruptEventException>(() => JobEventCodec.Decode(name, payload, Do.T0), $"{name} {Encoding.UTF8.GetString(payload)}");
}
