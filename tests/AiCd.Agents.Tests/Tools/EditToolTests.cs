using AiCd.Agents.Sandbox;

namespace AiCd.Agents.Tests.Tools;

public sealed class EditToolTests : IDisposable
{
    private readonly ToolBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task A_text_that_occurs_once_is_replaced_and_shown_with_its_surroundings()
    {
        _bench.Write("a.txt", "1\n2\n3\n4\nold $1 .*\n6\n7\n8\n9\n");

        var said = await ToolBench.RunAsync(_bench.Edit(), new { path = "a.txt", old_text = "old $1 .*", new_text = "new $& \\1\nand more" });

        said.ShouldBe("Changed a.txt. It reads now:\n     2\t2\n     3\t3\n     4\t4\n     5\tnew $& \\1\n     6\tand more\n     7\t6\n     8\t7\n     9\t8");
        _bench.Read("a.txt").ShouldBe("1\n2\n3\n4\nnew $& \\1\nand more\n6\n7\n8\n9\n");
    }

    [Theory]
    [InlineData("x x", "x")]
    [InlineData("aaa", "aa")]
    public async Task A_text_that_occurs_more_often_is_refused_and_nothing_is_changed(string content, string old)
    {
        _bench.Write("a.txt", content);

        (await ToolBench.RefusalAsync(_bench.Edit(), new { path = "a.txt", old_text = old, new_text = "y" }))
            .ShouldBe("old_text: expected a text that a.txt has exactly once, got one that it has more often; add lines around it");

        _bench.Read("a.txt").ShouldBe(content);
    }

    [Theory]
    [InlineData("One")]
    [InlineData("one\n")]
    [InlineData(" one")]
    public async Task A_text_that_differs_in_anything_is_refused(string old)
    {
        _bench.Write("a.txt", "one");

        (await ToolBench.RefusalAsync(_bench.Edit(), new { path = "a.txt", old_text = old, new_text = "two" }))
            .ShouldBe("old_text: expected a text that a.txt has exactly once, got one that it does not have");
    }

    [Fact]
    public async Task A_file_with_carriage_returns_keeps_them()
    {
        _bench.Write("a.txt", "one\r\ntwo\r\nthree\r\n");

        await ToolBench.RunAsync(_bench.Edit(), new { path = "a.txt", old_text = "one\ntwo", new_text = "1\n2" });

        _bench.Read("a.txt").ShouldBe("1\r\n2\r\nthree\r\n");
    }

    [Fact]
    public async Task Without_an_old_text_a_file_is_made_with_its_folders_and_none_is_overwritten()
    {
        _bench.Write("there.txt", "x");
        _bench.Write("empty.txt", "");

        (await ToolBench.RunAsync(_bench.Edit(), new { path = "new/deep/a.txt", new_text = "ä\n" })).ShouldBe("Made new/deep/a.txt.");
        await ToolBench.RunAsync(_bench.Edit(), new { path = "empty.txt", new_text = "filled" });

        _bench.Read("new/deep/a.txt").ShouldBe("ä\n");
        _bench.Read("empty.txt").ShouldBe("filled");
        (await ToolBench.RefusalAsync(_bench.Edit(), new { path = "there.txt", new_text = "y" })).ShouldBe("old_text: expected a text of there.txt, which is there already, got nothing");
        _bench.Read("there.txt").ShouldBe("x");
    }

    [Fact]
    public async Task What_is_no_file_of_the_repository_or_is_protected_is_refused()
    {
        _bench.Write("b/c.txt", "x");
        var guarded = _bench.Edit(new StagePolicy { IsProtected = path => path == "b/c.txt" });

        (await ToolBench.RefusalAsync(_bench.Edit(), new { path = "b", old_text = "x", new_text = "y" })).ShouldBe("path: expected a file of the repository, got 'b', which is none");
        (await ToolBench.RefusalAsync(_bench.Edit(), new { path = "gone", old_text = "x", new_text = "y" })).ShouldBe("path: expected a file of the repository, got 'gone', which is none");
        (await ToolBench.RefusalAsync(_bench.Edit(), new { path = "../x", new_text = "y" })).ShouldContain("expected a path inside of the repository");
        (await ToolBench.RefusalAsync(guarded, new { path = "./b//c.txt", old_text = "x", new_text = "y" })).ShouldBe("path: expected a path that may be changed, got 'b/c.txt', which is protected");
        (await ToolBench.RefusalAsync(_bench.Edit(), new { path = "b/c.txt", old_text = "x" })).ShouldBe("new_text: expected a text, got nothing");
        _bench.Read("b/c.txt").ShouldBe("x");
    }
}
