namespace AiCd.Agents.Tests.Tools;

public sealed class SearchToolTests : IDisposable
{
    private readonly ToolBench _bench = new();

    public SearchToolTests()
    {
        _bench.Write("a.cs", "class A\n{\n    int Sum;\n}\n");
        _bench.Write("src/b.txt", "sum of all\n-x\n");
        _bench.Write(".hidden", "Sum\n");
        _bench.Write(".git/config", "Sum\n");
    }

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task Lines_that_match_are_shown_with_file_and_number_in_a_steady_order()
    {
        (await ToolBench.RunAsync(_bench.Search, new { pattern = "S.m" })).ShouldBe("./.hidden:1:Sum\n./a.cs:3:    int Sum;\n");
        (await ToolBench.RunAsync(_bench.Search, new { pattern = "sum", ignore_case = true, path = "src" })).ShouldBe("./src/b.txt:1:sum of all\n");
        (await ToolBench.RunAsync(_bench.Search, new { pattern = "sum", ignore_case = true, glob = "*.cs" })).ShouldBe("./a.cs:3:    int Sum;\n");
    }

    [Fact]
    public async Task An_empty_pattern_lists_the_files_without_those_of_git() =>
        (await ToolBench.RunAsync(_bench.Search, new { pattern = "" })).ShouldBe("./.hidden\n./a.cs\n./src/b.txt\n");

    [Fact]
    public async Task What_looks_like_an_option_is_a_pattern() =>
        (await ToolBench.RunAsync(_bench.Search, new { pattern = "-x" })).ShouldBe("./src/b.txt:2:-x\n");

    [Fact]
    public async Task Nothing_that_matches_is_an_answer_and_a_pattern_or_path_that_is_none_is_refused()
    {
        (await ToolBench.RunAsync(_bench.Search, new { pattern = "nowhere" })).ShouldBe("Nothing matches.");
        (await ToolBench.RefusalAsync(_bench.Search, new { pattern = "(" })).ShouldContain("unclosed group");
        (await ToolBench.RefusalAsync(_bench.Search, new { pattern = "x", path = "gone" })).ShouldContain("gone");
        (await ToolBench.RefusalAsync(_bench.Search, new { pattern = "x", path = "/etc" })).ShouldContain("expected a path inside of the repository");
    }
}
