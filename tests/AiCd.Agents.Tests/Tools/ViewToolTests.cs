namespace AiCd.Agents.Tests.Tools;

public sealed class ViewToolTests : IDisposable
{
    private readonly ToolBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task A_file_is_shown_with_line_numbers_and_without_the_ends_of_lines()
    {
        _bench.Write("a.txt", "one\r\n\ttwo\n\nfour");

        (await ToolBench.RunAsync(_bench.View, new { path = "a.txt" })).ShouldBe("     1\tone\n     2\t\ttwo\n     3\t\n     4\tfour\n");
        (await ToolBench.RunAsync(_bench.View, new { path = "./a.txt", start_line = 2, end_line = 3 })).ShouldBe("     2\t\ttwo\n     3\t\n(1 more lines)");
        (await ToolBench.RunAsync(_bench.View, new { path = "/work/a.txt", start_line = 4, end_line = 40 })).ShouldBe("     4\tfour\n");
    }

    [Fact]
    public async Task A_long_file_is_shown_in_parts_and_a_long_line_is_cut()
    {
        _bench.Write("long.txt", string.Concat(Enumerable.Range(1, 1000).Select(number => number == 1 ? new string('x', 600) + "\n" : $"{number}\n")));

        var shown = await ToolBench.RunAsync(_bench.View, new { path = "long.txt" });

        shown.ShouldStartWith($"     1\t{new string('x', 500)}…\n     2\t2\n");
        shown.ShouldEndWith("   800\t800\n(200 more lines)");
        (await ToolBench.RunAsync(_bench.View, new { path = "long.txt", start_line = 999 })).ShouldBe("   999\t999\n  1000\t1000\n");
        (await ToolBench.RefusalAsync(_bench.View, new { path = "long.txt", start_line = 1001, end_line = 1002 }))
            .ShouldBe("start_line, end_line: expected a range within the 1000 lines of long.txt, got 1001 to 1002");
        (await ToolBench.RefusalAsync(_bench.View, new { path = "long.txt", start_line = 0 })).ShouldStartWith("start_line: expected a whole number from 1 to ");
    }

    [Fact]
    public async Task A_folder_is_listed_and_what_is_empty_is_called_so()
    {
        _bench.Write("b/c.txt", "");
        _bench.Write("a.txt", "x");
        _bench.Write(".hidden", "x");
        Directory.CreateDirectory(Path.Combine(_bench.Location, "void"));

        var listing = await ToolBench.RunAsync(_bench.View, new { path = "" });

        listing.Split('\n', StringSplitOptions.RemoveEmptyEntries).ShouldBe([".hidden", "a.txt", "b/", "void/"], ignoreOrder: true);
        (await ToolBench.RunAsync(_bench.View, new { path = "void" })).ShouldBe("(an empty folder)");
        (await ToolBench.RunAsync(_bench.View, new { path = "b/c.txt" })).ShouldBe("(an empty file)");
    }

    [Fact]
    public async Task What_is_no_text_is_refused_with_its_reason()
    {
        File.WriteAllBytes(Path.Combine(_bench.Location, "bin"), [1, 0, 2]);
        File.WriteAllBytes(Path.Combine(_bench.Location, "latin"), [(byte)'a', 0xE9]);

        (await ToolBench.RefusalAsync(_bench.View, new { path = "bin" })).ShouldBe("bin cannot be shown: it is not text");
        (await ToolBench.RefusalAsync(_bench.View, new { path = "latin" })).ShouldBe("latin cannot be shown: it is not text in UTF-8");
        (await ToolBench.RefusalAsync(_bench.View, new { path = "gone" })).ShouldBe("path: expected a file or folder of the repository, got 'gone', which is not there");
    }

    [Theory]
    [InlineData("/etc/passwd")]
    [InlineData("../a.txt")]
    [InlineData("b/../../a.txt")]
    [InlineData(".git/config")]
    [InlineData("a\tb")]
    public async Task A_path_that_leads_out_is_refused(string path) =>
        (await ToolBench.RefusalAsync(_bench.View, new { path })).ShouldBe($"path: expected a path inside of the repository, relative to its root, got '{path}'");
}
