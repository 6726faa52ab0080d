using AiCd.Web.Dashboard.Rendering.Diffs;

namespace AiCd.Web.Tests.Dashboard.Rendering;

public sealed class LineSpansTests
{
    [Theory]
    [InlineData("a.cs", "return \"x\\\"y\" + 12; // done", "return|\"x\\\"y\"|12|// done")]
    [InlineData("a.py", "def f(): return None # why", "def|return|None|# why")]
    [InlineData("a.sql", "SELECT 'it' FROM t -- all", "SELECT|'it'|FROM|-- all")]
    [InlineData("a.unknown", "return 'x'", "")]
    public void Words_of_the_language_are_coloured(string path, string line, string coloured) =>
        string.Join('|', LineSpans.Of(line, Syntax.For(path), []).Where(span => span.Class is not null).Select(span => span.Text)).ShouldBe(coloured);

    [Theory]
    [InlineData("a.cs", "var x = \"never closed")]
    [InlineData("a.cs", "/* open")]
    [InlineData("a.py", "é日本👩‍👩‍👧 'x' \u001b[31m")]
    [InlineData("a.cs", "")]
    [InlineData("a.cs", "\"\\")]
    public void Spans_are_the_line_whatever_stands_in_it(string path, string line) =>
        string.Concat(LineSpans.Of(line, Syntax.For(path), [0..(line.Length / 2)]).Select(span => span.Text)).ShouldBe(line);

    [Fact]
    public void Only_the_words_that_differ_are_marked()
    {
        var (left, right) = ChangedWords.Of("var total = first + second;", "var total = first + third;");

        Marked("var total = first + second;", left).ShouldBe("second");
        Marked("var total = first + third;", right).ShouldBe("third");
    }

    [Fact]
    public void Lines_with_nothing_in_common_are_not_marked()
    {
        var (left, right) = ChangedWords.Of("alpha", "omega");

        left.ShouldBeEmpty();
        right.ShouldBeEmpty();
    }

    private static string Marked(string line, IReadOnlyList<Range> ranges) =>
        string.Concat(LineSpans.Of(line, Syntax.For("a.txt"), ranges).Where(span => span.Class == "word").Select(span => span.Text));
}
