using AiCd.Actors.Jobs.Payloads;
using AiCd.Actors.Ports;
using AiCd.Forge.Paths;

namespace AiCd.Forge.Tests.Paths;

public sealed class ChangeSetTests
{
    [Theory]
    [InlineData("a.txt", "a.txt")]
    [InlineData("a.txt", "A.TXT")]
    [InlineData("Ü/x", "ü/x")]
    public void Two_writes_that_fall_together_are_refused(string first, string second)
    {
        var refusal = Should.Throw<StageException>(() => ChangeSet.Of([new FileChange(first, "1"), new FileChange(second, "2")]));

        refusal.Code.ShouldBe("path_refused");
        refusal.Message.ShouldContain("differs from another written path only by case");
    }

    [Fact]
    public void Writing_and_deleting_one_file_is_refused() =>
        Should.Throw<StageException>(() => ChangeSet.Of([new FileChange("a", "1"), new FileChange("a", null)])).Code.ShouldBe("path_refused");

    [Fact]
    public void A_file_can_be_renamed_by_case_alone()
    {
        var changes = ChangeSet.Of([new FileChange("readme.md", null), new FileChange("README.md", "x")]);

        changes.Deletions.ShouldHaveSingleItem().Path.ShouldBe("readme.md");
        changes.Writes.ShouldHaveSingleItem().Path.ShouldBe("README.md");
    }

    [Fact]
    public void Deleting_a_path_that_leads_astray_is_refused_like_writing_it() =>
        Should.Throw<StageException>(() => ChangeSet.Of([new FileChange("../x", null)])).Code.ShouldBe("path_refused");
}
