using AiCd.Host.Output;

namespace AiCd.Host.Tests.Output;

public sealed class TerminalTextTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("  two\n lines\t here ", "two lines here")]
    [InlineData("\u001b[31mred\u001b[0m", "red")]
    [InlineData("\u001b]0;title\u0007after", "after")]
    [InlineData("\u001b]8;;http://x\u001b\\link\u001b]8;;\u001b\\", "link")]
    [InlineData("\u001bPq#0\u001b\\sixel", "sixel")]
    [InlineData("\u009b2Jcleared", "cleared")]
    [InlineData("\u001bcreset", "reset")]
    [InlineData("bell\u0007 back\b nul\0", "bell back nul")]
    [InlineData("\u202Eesrever\u202C", "esrever")]
    [InlineData("Größe 日本 👩‍👩‍👧‍👦", "Größe 日本 👩‍👩‍👧‍👦")]
    public void A_line_keeps_letters_and_drops_what_acts_on_a_terminal(string text, string line) => TerminalText.Line(text).ShouldBe(line);

    [Fact]
    public void A_long_line_is_cut_between_characters_as_a_reader_sees_them()
    {
        TerminalText.Line("abcdef", 4).ShouldBe("abc…");
        TerminalText.Line("ab👩‍👩‍👧‍👦cd", 6).ShouldBe("ab…");
    }

    [Fact]
    public void Half_a_surrogate_pair_is_replaced() => TerminalText.Line("lone " + (char)0xD83D + " half").ShouldBe("lone \ufffd half");

    [Fact]
    public void A_block_keeps_its_lines() => TerminalText.Block("a\n\tb\u001b[1m\r\n\u0007c").ShouldBe("a\n\tb\nc");
}
