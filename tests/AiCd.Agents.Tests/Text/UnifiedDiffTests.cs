using AiCd.Agents.Text;

namespace AiCd.Agents.Tests.Text;

public sealed class UnifiedDiffTests
{
    [Fact]
    public void Added_lines_bear_their_numbers_of_the_new_version()
    {
        var file = UnifiedDiff.Parse("""
            diff --git a/x.md b/x.md
            --- a/x.md
            +++ b/x.md
            @@ -1,3 +1,3 @@
             a
            -b
            +B
             c
            @@ -10 +10,2 @@ section
            -j
            +J
            ++++ looks like a header
            \ No newline at end of file
            """).ShouldHaveSingleItem();

        file.Path.ShouldBe("x.md");
        file.Removed.ShouldBe(2);
        file.Added.ShouldBe([new AddedLine(2, "B"), new AddedLine(10, "J"), new AddedLine(11, "+++ looks like a header")]);
    }

    [Theory]
    [InlineData("diff --git a/a b.md b/a b.md\nold mode 100644\nnew mode 100755\n", "a b.md", false)]
    [InlineData("diff --git a/old.md b/new.md\nsimilarity index 100%\nrename from old.md\nrename to new.md\n", "new.md", false)]
    [InlineData("diff --git a/x.md b/x.md\ndeleted file mode 100644\n--- a/x.md\n+++ /dev/null\n@@ -1 +0,0 @@\n-x\n", "x.md", true)]
    [InlineData("diff --git a/x.bin b/x.bin\nBinary files a/x.bin and b/x.bin differ\n", "x.bin", false)]
    [InlineData("diff --git \"a/\\303\\251 \\\"q\\\".md\" \"b/\\303\\251 \\\"q\\\".md\"\nnew file mode 100644\n", "é \"q\".md", false)]
    [InlineData("diff --git a/a b b/a b\n--- a/a b\t\n+++ b/a b\t\n@@ -1 +1 @@\n-x\n+y\n", "a b", false)]
    public void Every_kind_of_change_names_its_file(string diff, string path, bool deleted)
    {
        var file = UnifiedDiff.Parse(diff).ShouldHaveSingleItem();

        file.Path.ShouldBe(path);
        file.Deleted.ShouldBe(deleted);
    }

    [Theory]
    [InlineData("")]
    [InlineData("no diff at all")]
    [InlineData("@@ -1,1 +1,99 @@\n+x")]
    public void Text_that_is_no_diff_has_no_files(string text) => UnifiedDiff.Parse(text).ShouldBeEmpty();

    [Fact]
    public void A_diff_that_breaks_off_keeps_what_was_read() =>
        UnifiedDiff.Parse("diff --git a/x b/x\n@@ -1,5 +1,9 @@\n+x").ShouldHaveSingleItem().Added.ShouldBe([new AddedLine(1, "x")]);
}
