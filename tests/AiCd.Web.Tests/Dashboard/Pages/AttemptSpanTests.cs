using System.Text.Json.Nodes;
using AiCd.Actors.Jobs;
using AiCd.Web.Dashboard.Pages.OneJob;
using AiCd.Web.Jobs;

namespace AiCd.Web.Tests.Dashboard.Pages;

public sealed class AttemptSpanTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void An_attempt_lasts_from_its_start_to_the_event_that_ended_it()
    {
        var spans = AttemptSpan.Of([
            Event(1, "SUBMITTED", 0), Event(2, "START_PLANNING", 1), Event(3, "USAGE_SETTLED", 2), Event(4, "PLAN_SUCCEEDED", 4), Event(5, "START_CODING", 5)]);
        spans.Select(span => (span.Stage, span.Number, span.Ended - span.Started, span.Tone)).ShouldBe(
            [(Stage.Planning, 1, TimeSpan.FromSeconds(3), "good"), (Stage.Coding, 1, null, "running")]);
    }

    [Fact]
    public void Later_attempts_of_a_stage_are_counted()
    {
        var spans = AttemptSpan.Of([
            Event(1, "START_CODING", 0), Event(2, "ATTEMPT_FAILED", 1, "CODING"), Event(3, "ATTEMPT_STARTED", 5, "CODING"), Event(4, "ATTEMPT_INTERRUPTED", 6, "CODING"),
            Event(5, "ATTEMPT_STARTED", 7, "CODING"), Event(6, "CODE_SUCCEEDED", 9)]);
        spans.Select(span => (span.Number, span.Tone)).ShouldBe([(1, "bad"), (2, "warn"), (3, "good")]);
    }

    [Fact]
    public void What_was_taken_over_from_another_job_is_no_attempt_of_this_one() =>
        AttemptSpan.Of([Event(1, "START_PLANNING", 0) with { Inherited = true }, Event(2, "PLAN_SUCCEEDED", 1) with { Inherited = true }]).ShouldBeEmpty();

    [Fact]
    public void An_event_says_what_happened_in_one_line()
    {
        var failed = Event(2, "ATTEMPT_FAILED", 1, "CODING");
        failed.Data["attempt"] = 1;
        failed.Data["code"] = "timeout";
        failed.Data["message"] = "It took\ntoo long";
        failed.Data["retryAt"] = Start.AddSeconds(3).ToString("O");
        EventText.Of(failed).ShouldBe("Coding: attempt 1 failed (timeout): It took too long; again in 2.0 s");
        EventText.Of(Event(1, "SOMETHING_NEW", 0)).ShouldBe("SOMETHING_NEW");
        EventText.Ended(failed).ShouldBe("Coding: attempt 1 failed");
        EventText.Ended(Event(3, "CODE_SUCCEEDED", 4)).ShouldBe("Coding");
    }

    [Fact]
    public void A_line_of_a_transcript_that_cannot_be_read_is_shown_as_it_is() =>
        Turn.Read("{\"role\":\"assistant\",\"text\":\"Hello\"}\nnot json\n").ShouldBe([new Turn("assistant", "Hello"), new Turn("note", "not json")]);

    private static EventDetails Event(int seq, string name, int second, string? stage = null) =>
        new(seq, name, JobState.Coding, Start.AddSeconds(second), "aicd", "node-1", null, stage is null ? [] : new JsonObject { ["stage"] = stage });
}
