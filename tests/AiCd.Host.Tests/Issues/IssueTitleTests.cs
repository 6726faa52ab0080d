using AiCd.Host.Issues;

namespace AiCd.Host.Tests.Issues;

public sealed class IssueTitleTests
{
    [Theory]
    [InlineData("# A heading\n\nBody", "A heading")]
    [InlineData("\n\n## Second level first\n# Later", "Second level first")]
    [InlineData("Some words before.\n\n# The heading\n", "The heading")]
    [InlineData("Just a line\nand another", "Just a line")]
    [InlineData("Just a line\n\n## Steps", "Just a line")]
    [InlineData("```\n# a comment in code\n```\nReal words", "Real words")]
    [InlineData("#hashtag is no heading", "hashtag is no heading")]
    [InlineData("\u001b[1m# Bold\u001b[0m", "# Bold")]
    [InlineData("#\n\n# Second", "Second")]
    public void The_title_is_the_first_heading_or_line(string text, string title) => IssueTitle.Of(text).ShouldBe(title);

    [Theory]
    [InlineData("```\nonly code\n```")]
    [InlineData("#\n##\n")]
    [InlineData("\u001b[0m")]
    public void A_text_without_a_line_to_show_has_no_title(string text) => IssueTitle.Of(text).ShouldBeNull();

    [Fact]
    public void A_long_title_is_cut() => IssueTitle.Of(new string('x', 1000))!.Length.ShouldBe(IssueTitle.MaxLength);
}
