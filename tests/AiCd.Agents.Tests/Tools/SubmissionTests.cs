using System.Text.Json;
using AiCd.Actors.Jobs.Payloads;
using AiCd.Agents.Stages;

namespace AiCd.Agents.Tests.Tools;

/// <summary>What models hand in, and what they are told of it where it is not valid.</summary>
public sealed class SubmissionTests
{
    [Fact]
    public void A_plan_is_read_field_by_field()
    {
        var (plan, problems) = new PlanSubmission().Read(Json(
            new { summary = " Mend it ", steps = new[] { "one", "two" }, files = new[] { "a.cs" }, risks = Array.Empty<string>(), test_strategy = "Run" }));

        problems.ShouldBeEmpty();
        plan.ShouldNotBeNull();
        (plan.Summary, plan.TestStrategy).ShouldBe(("Mend it", "Run"));
        (string.Join(',', plan.Steps), string.Join(',', plan.Files), plan.Risks.Count).ShouldBe(("one,two", "a.cs", 0));
    }

    [Fact]
    public void Every_problem_of_a_plan_is_named_at_once()
    {
        var (_, problems) = new PlanSubmission().Read(Json(new { summary = "", steps = Array.Empty<string>(), files = new object[] { 7 }, risks = "none" }));

        problems.ShouldBe(
        [
            "summary: expected a text that is not empty, got \"\"",
            "files[0]: expected a text that is not empty, got 7",
            "risks: expected a list, got \"none\"",
            "test_strategy: expected a text that is not empty, got nothing",
        ]);
        new PlanSubmission().Read(Json(new { summary = "s", steps = Array.Empty<string>(), files = Array.Empty<string>(), risks = Array.Empty<string>(), test_strategy = "t" }))
            .Problems.ShouldBe(["steps: expected a list with at least 1 text, got []"]);
    }

    [Fact]
    public void A_commit_message_has_a_first_line_that_is_not_too_long()
    {
        var fits = new string('s', 100) + "\n\n" + new string('b', 400);

        new CodeSubmission().Read(Json(new { summary = "Done", commit_message = fits })).ShouldSatisfyAllConditions(
            read => read.Problems.ShouldBeEmpty(), read => read.Result!.CommitMessage.ShouldBe(fits));
        new CodeSubmission().Read(Json(new { summary = "Done", commit_message = new string('s', 101) })).Problems
            .ShouldBe(["commit_message: expected a first line of at most 100 characters, got 101"]);
    }

    [Theory]
    [InlineData("APPROVE", "MINOR", null)]
    [InlineData("reject", "major", null)]
    [InlineData("APPROVE", "BLOCKER", "verdict: expected REJECT where a comment is MAJOR or BLOCKER, got APPROVE")]
    [InlineData("REJECT", "INFO", "comments: expected at least one MAJOR or BLOCKER with a REJECT, got none")]
    [InlineData("MAYBE", "INFO", "verdict: expected one of APPROVE, REJECT, got 'MAYBE'")]
    [InlineData("APPROVE", "grave", "comments[0].severity: expected one of INFO, MINOR, MAJOR, BLOCKER, got 'grave'")]
    public void A_verdict_agrees_with_its_comments(string verdict, string severity, string? problem)
    {
        var (review, problems) = new ReviewSubmission().Read(Json(
            new { verdict, summary = "So", comments = new[] { new { path = "a.cs", line = 3, severity, text = "Look" } } }));

        problems.ShouldBe(problem is null ? [] : [problem]);
        review!.Comments.ShouldHaveSingleItem().ShouldSatisfyAllConditions(comment => comment.Path.ShouldBe("a.cs"), comment => comment.Line.ShouldBe(3));
    }

    [Fact]
    public void A_comment_may_be_on_the_whole_change_and_a_line_is_one_from_the_first()
    {
        var (review, problems) = new ReviewSubmission().Read(Json(
            new { verdict = "APPROVE", summary = "So", comments = new object[] { new { severity = "INFO", text = "Nice" }, new { line = 0, severity = "INFO", text = "Odd" } } }));

        review!.Comments[0].ShouldBe(new ReviewComment(null, null, CommentSeverity.Info, "Nice"));
        problems.ShouldBe(["comments[1].line: expected a line number from 1, got 0"]);
    }

    private static JsonElement Json(object value) => JsonSerializer.SerializeToElement(value);
}
