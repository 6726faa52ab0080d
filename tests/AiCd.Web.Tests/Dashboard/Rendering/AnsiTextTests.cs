using AiCd.Web.Dashboard.Rendering.Text;

namespace AiCd.Web.Tests.Dashboard.Rendering;

public sealed class AnsiTextTests
{
    [Fact]
    public void Colours_become_classes() =>
        AnsiText.Parse("ok \u001b[1;31mfailed\u001b[0m and \u001b[92mgreen").ShouldBe(
        [
            new AnsiSpan("ok ", null),
            new AnsiSpan("failed", "ansi-1 ansi-bold"),
            new AnsiSpan(" and ", null),
            new AnsiSpan("green", "ansi-10"),
        ]);

    [Theory]
    [InlineData("\u001b[31mred\u001b[0m \u001b]8;;javascript:alert(1)\u001b\\link\nmore", "red link")]
    [InlineData("\n\none line", "one line")]
    [InlineData("123456789012", "1234567890…")]
    [InlineData("123456789\ud83d\ude00", "123456789…")]
    [InlineData("", "")]
    public void A_summary_is_the_first_line_in_words_alone(string output, string summary) => AnsiText.FirstLine(output, 10).ShouldBe(summary);

    [Theory]
    [InlineData("a\u001b[2Jb\u001b[10;5Hc", "abc")]
    [InlineData("\u001b]8;;javascript:alert(1)\u001b\\click\u001b]8;;\u001b\\", "click")]
    [InlineData("\u001b]0;title\u0007text", "text")]
    [InlineData("\u001bP never ends\nnext", "\nnext")]
    [InlineData("bell\a null\0 back\b", "bell null back")]
    [InlineData("10%\r50%\r100%\ndone", "100%\ndone")]
    [InlineData("line\r\nnext\r\n", "line\nnext\n")]
    [InlineData("kept\n\u001b[31mred\u001b[0m gone\rnew", "kept\nnew")]
    [InlineData("\u001b[", "")]
    [InlineData("\u001b", "")]
    [InlineData("\u001b[38;5;200mx\u001b[38;2;1;2;3my\u001b[38mz", "xyz")]
    public void Nothing_else_that_a_terminal_obeys_remains(string output, string shown) =>
        string.Concat(AnsiText.Parse(output).Select(span => span.Text)).ShouldBe(shown);
}
