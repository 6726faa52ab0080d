using AiCd.Actors.Jobs.Payloads;
using AiCd.Host.Output;

namespace AiCd.Host.Tests.Output;

public sealed class DiffStatTests
{
    private const string Diff = """
        diff --git a/docs/new.md b/docs/new.md
        new file mode 100644
        index 0000000..1111111
        --- /dev/null
        +++ b/docs/new.md
        @@ -0,0 +1,3 @@
        +one
        +-- a/looks like a header
        +three
        diff --git a/src/a b/src/a
        index 1111111..2222222 100644
        --- a/src/a
        +++ b/src/a
        @@ -1,3 +1,2 @@ context
         same
        --- a/this is removed text
        -gone
        +here
        \ No newline at end of file
        diff --git a/gone.txt b/gone.txt
        deleted file mode 100644
        --- a/gone.txt
        +++ /dev/null
        @@ -1 +0,0 @@
        -only
        diff --git a/old b/renamed
        similarity index 100%
        rename from old
        rename to renamed
        """;

    [Fact]
    public void Each_file_has_its_line_with_a_bar() => DiffStat.Lines(Diff).ShouldBe(
    [
        "docs/new.md |    3 +++",
        "src/a       |    3 +--",
        "gone.txt    |    1 -",
        "renamed     |    0",
    ]);

    [Fact]
    public void A_large_change_has_a_bar_that_fits()
    {
        var added = string.Concat(Enumerable.Repeat("+x\n", 1000));

        DiffStat.Lines($"diff --git a/f b/f\n--- a/f\n+++ b/f\n@@ -0,0 +1,1000 @@\n{added}").ShouldBe([$"f | 1000 {new string('+', 40)}"]);
    }

    [Fact]
    public void Totals_are_counted_in_words() => DiffStat.Totals(new CommittedChange("c", "t", "b", "m", 1, 2, 0))
        .ShouldBe("1 file changed, 2 insertions(+), 0 deletions(-)");
}
