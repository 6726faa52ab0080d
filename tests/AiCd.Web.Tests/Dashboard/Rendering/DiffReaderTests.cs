using AiCd.Web.Dashboard.Rendering.Diffs;

namespace AiCd.Web.Tests.Dashboard.Rendering;

public sealed class DiffReaderTests
{
    [Fact]
    public void Files_hunks_and_line_numbers_are_read()
    {
        var file = DiffReader.Read("""
            diff --git a/src/Parser.cs b/src/Parser.cs
            index 3b18e51..a5c1966 100644
            --- a/src/Parser.cs
            +++ b/src/Parser.cs
            @@ -10,3 +10,4 @@ public static class Parser
                 {
            -        var x = 1;
            +        var x = 2;
            +        var y = 3;
                 }
            @@ -40 +41 @@
            -old
            +new
            \ No newline at end of file

            """).ShouldHaveSingleItem();

        file.Path.ShouldBe("src/Parser.cs");
        file.Change.ShouldBe(DiffFileChange.Modified);
        (file.Added, file.Removed).ShouldBe((3, 2));
        file.Hunks[0].Heading.ShouldBe("public static class Parser");
        file.Hunks[0].Lines.Select(line => (line.Old, line.New)).ShouldBe([(10, 10), (11, null), (null, 11), (null, 12), (12, 13)]);
        file.Hunks[1].Lines[^1].ShouldBe(new DiffLine(DiffLineKind.Added, null, 41, "new", EndsFile: true));
    }

    [Fact]
    public void A_changed_line_that_looks_like_a_header_is_a_changed_line()
    {
        var file = DiffReader.Read("""
            diff --git a/a b/a
            --- a/a
            +++ b/a
            @@ -1,2 +1,3 @@
            --- a/evil
            +++ b/evil
            +diff --git a/x b/x
             end
            """).ShouldHaveSingleItem();

        file.Path.ShouldBe("a");
        file.Hunks.ShouldHaveSingleItem().Lines.Select(line => line.Text).ShouldBe(["-- a/evil", "++ b/evil", "diff --git a/x b/x", "end"]);
    }

    [Theory]
    [InlineData("new file mode 100644\n--- /dev/null\n+++ b/f", "Added")]
    [InlineData("deleted file mode 100644\n--- a/f\n+++ /dev/null", "Deleted")]
    [InlineData("similarity index 90%\nrename from f\nrename to g", "Renamed")]
    [InlineData("old mode 100644\nnew mode 100755", "Modified")]
    public void What_happened_to_the_file_is_told(string headers, string change) =>
        DiffReader.Read($"diff --git a/f b/f\n{headers}\n").ShouldHaveSingleItem().Change.ToString().ShouldBe(change);

    [Fact]
    public void Binary_files_have_no_lines()
    {
        var file = DiffReader.Read("diff --git a/logo.png b/logo.png\nindex 1..2\nBinary files a/logo.png and b/logo.png differ\n").ShouldHaveSingleItem();

        file.IsBinary.ShouldBeTrue();
        (file.Path, file.Hunks.Count).ShouldBe(("logo.png", 0));
    }

    [Fact]
    public void Quoted_paths_are_decoded()
    {
        var file = DiffReader.Read("""
            diff --git "a/caf\303\251 \"x\".txt" "b/caf\303\251 \"x\".txt"
            --- "a/caf\303\251 \"x\".txt"
            +++ "b/caf\303\251 \"x\".txt"
            @@ -1 +1 @@
            -a
            +b
            """).ShouldHaveSingleItem();

        file.Path.ShouldBe("café \"x\".txt");
    }

    [Theory]
    [InlineData("")]
    [InlineData("no diff at all\n@@ -1 +1 @@\n+x")]
    [InlineData("diff --git ")]
    [InlineData("diff --git a b c\n@@ -99999999999 +1 @@\n+x\n@@ nonsense")]
    [InlineData("diff --git a/f b/f\n@@ -1,5 +1,5 @@\n cut short")]
    [InlineData("diff --git a/f b/f\n--- \"\n+++ \"\\")]
    public void Text_that_is_no_diff_breaks_nothing(string text) => Should.NotThrow(() => DiffReader.Read(text));

    [Fact]
    public void Removed_lines_face_the_added_ones_that_follow_them()
    {
        var hunk = DiffReader.Read("diff --git a/f b/f\n@@ -1,3 +1,4 @@\n-a\n-b\n+c\n+d\n+e\n z\n").Single().Hunks.Single();

        SideBySide.Of(hunk).Select(row => (row.Left?.Text, row.Right?.Text)).ShouldBe([("a", "c"), ("b", "d"), (null, "e"), ("z", "z")]);
    }
}
