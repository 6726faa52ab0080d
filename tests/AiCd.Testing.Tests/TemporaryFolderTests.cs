namespace AiCd.Testing.Tests;

public sealed class TemporaryFolderTests
{
    [Fact]
    public void Two_folders_never_share_a_location()
    {
        using var first = new TemporaryFolder();
        using var second = new TemporaryFolder();

        first.Location.ShouldNotBe(second.Location);
        Directory.Exists(first.Location).ShouldBeTrue();
    }

    [Fact]
    public void Dispose_deletes_read_only_files_and_folders_but_follows_no_link()
    {
        using var outside = new TemporaryFolder();
        File.WriteAllText(outside.Combine("kept"), "");
        var folder = new TemporaryFolder();
        var inner = folder.CreateFolder("a", "b");
        File.WriteAllText(Path.Combine(inner, "object"), "");
        File.SetUnixFileMode(Path.Combine(inner, "object"), UnixFileMode.UserRead);
        File.SetUnixFileMode(inner, UnixFileMode.UserRead);
        Directory.CreateSymbolicLink(folder.Combine("link"), outside.Location);

        folder.Dispose();

        Directory.Exists(folder.Location).ShouldBeFalse();
        File.Exists(outside.Combine("kept")).ShouldBeTrue();
    }

    [Fact]
    public void Disposing_twice_is_no_error()
    {
        var folder = new TemporaryFolder();

        folder.Dispose();
        folder.Dispose();
    }
}
