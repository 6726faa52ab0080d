using System.Text.Json;
using AiCd.Actors.Jobs;
using AiCd.Actors.Jobs.Payloads;
using AiCd.Agents.Mock;

namespace AiCd.Agents.Tests.Mock;

public sealed class MockReviewTests : IDisposable
{
    private const string Diff = """
        diff --git a/README.md b/README.md
        index 1..2 100644
        --- a/README.md
        +++ b/README.md
        @@ -10,2 +10,3 @@ context
         one
        -two
        +two!
        +three
        diff --git a/docs/new.md b/docs/new.md
        new file mode 100644
        --- /dev/null
        +++ b/docs/new.md
        @@ -0,0 +1 @@
        +hello
        """;

    private readonly MockStage _stage = new();

    public void Dispose() => _stage.Dispose();

    [Fact]
    public async Task A_change_is_approved_with_its_files_counts_and_located_remarks()
    {
        var review = await _stage.ReviewAsync(Diff);

        review.Verdict.ShouldBe(ReviewVerdict.Approve);
        review.Summary.ShouldBe("The change does what the plan says. 2 files, 3 lines added, 1 removed: README.md, docs/new.md.");
        review.Comments.ShouldBe([
            new ReviewComment("README.md", 11, CommentSeverity.Info, "Read: 2 lines added, 1 removed."),
            new ReviewComment("docs/new.md", 1, CommentSeverity.Info, "Read: 1 lines added, 0 removed.")]);
        _stage.Progress.Turns[0].Text.ShouldContain("+three");
    }

    [Theory]
    [InlineData(0, 1, ReviewVerdict.Approve)]
    [InlineData(1, 1, ReviewVerdict.Reject)]
    [InlineData(1, 2, ReviewVerdict.Approve)]
    [InlineData(2, 2, ReviewVerdict.Reject)]
    [InlineData(2, 3, ReviewVerdict.Approve)]
    [InlineData(-1, 9, ReviewVerdict.Reject)]
    public async Task RejectReview_counts_rounds(int reject, int round, ReviewVerdict expected)
    {
        var review = await _stage.ReviewAsync(Diff, round, new MockAgentOptions { Delay = TimeSpan.Zero, RejectReview = reject });

        review.Verdict.ShouldBe(expected);
    }

    [Fact]
    public async Task A_rejection_says_where_and_how_bad()
    {
        var review = await _stage.ReviewAsync(Diff, options: new MockAgentOptions { Delay = TimeSpan.Zero, RejectReview = 1 });

        review.Comments.Select(comment => (comment.Path, comment.Line, comment.Severity)).ShouldBe([
            ("README.md", 11, CommentSeverity.Major),
            ("docs/new.md", 1, CommentSeverity.Minor)]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    public async Task An_empty_change_is_rejected(string diff)
    {
        var review = await _stage.ReviewAsync(diff);

        review.Verdict.ShouldBe(ReviewVerdict.Reject);
        review.Comments.ShouldHaveSingleItem().Severity.ShouldBe(CommentSeverity.Blocker);
    }

    [Fact]
    public async Task Conflict_markers_are_found_where_they_stand()
    {
        var review = await _stage.ReviewAsync("""
            diff --git a/x.md b/x.md
            --- a/x.md
            +++ b/x.md
            @@ -1,1 +1,6 @@
            +<<<<<<< ours
             one
            +=======
            +two
            +>>>>>>> theirs
            +Heading
            """);

        review.Verdict.ShouldBe(ReviewVerdict.Reject);
        review.Comments.Select(comment => (comment.Path, comment.Line, comment.Severity)).ShouldBe([
            ("x.md", 1, CommentSeverity.Blocker),
            ("x.md", 5, CommentSeverity.Blocker)]);
    }

    [Fact]
    public async Task The_same_diff_gives_the_same_review()
    {
        var first = await _stage.ReviewAsync(Diff);
        var second = await _stage.ReviewAsync(Diff);

        JsonSerializer.Serialize(second).ShouldBe(JsonSerializer.Serialize(first));
    }

    [Fact]
    public async Task A_context_without_a_change_is_a_bug_of_the_caller() =>
        await Should.ThrowAsync<ArgumentException>(
            MockStage.Agent().ReviewAsync(_stage.Context(Stage.Reviewing), TestContext.Current.CancellationToken));
}
