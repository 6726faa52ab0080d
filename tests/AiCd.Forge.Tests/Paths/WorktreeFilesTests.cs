using AiCd.Actors.Ports;
using AiCd.Forge.Paths;
using AiCd.Testing;

namespace AiCd.Forge.Tests.Paths;

public sealed class WorktreeFilesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _tree;
    private readonly string _outside;
    private readonly WorktreeFiles _files;

    public WorktreeFilesTests()
    {
        _tree = _folder.CreateFolder("tree");
        _outside = _folder.CreateFolder("outside");
        File.WriteAllText(Path.Combine(_outside, "secret"), "untouched");
        _files = new WorktreeFiles(_tree);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_file_is_written_with_the_folders_above_it()
    {
        _files.Write("a/b/c.txt", "text\r\n").ShouldBe("a/b/c.txt");

        Read("a/b/c.txt").ShouldBe("text\r\n");
    }

    [Fact]
    public void A_file_is_written_in_UTF8_without_a_mark()
    {
        _files.Write("ü", "é");

        File.ReadAllBytes(Path.Combine(_tree, "ü")).ShouldBe([0xC3, 0xA9]);
    }

    [Fact]
    public void Writing_keeps_a_file_executable()
    {
        Plant("run.sh", "old");
        File.SetUnixFileMode(Path.Combine(_tree, "run.sh"), UnixFileMode.UserRead | UnixFileMode.UserExecute);

        _files.Write("run.sh", "new");

        Read("run.sh").ShouldBe("new");
        File.GetUnixFileMode(Path.Combine(_tree, "run.sh")).HasFlag(UnixFileMode.UserExecute).ShouldBeTrue();
    }

    [Fact]
    public void Writing_replaces_a_hard_link_instead_of_the_file_outside()
    {
        Linked("ln", Path.Combine(_outside, "secret"), Path.Combine(_tree, "a"));

        _files.Write("a", "new");

        Read("a").ShouldBe("new");
        TheSecretIsUntouched();
    }

    [Theory]
    [InlineData("../outside/secret")]
    [InlineData("../outside/new")]
    public void A_link_that_leads_out_is_not_written_through(string target)
    {
        File.CreateSymbolicLink(Path.Combine(_tree, "a"), target);

        Refused(() => _files.Write("a", "x")).ShouldContain("out of the worktree");
        TheSecretIsUntouched();
    }

    [Fact]
    public void An_absolute_link_is_not_written_through_even_if_it_leads_inside()
    {
        Plant("b", "old");
        File.CreateSymbolicLink(Path.Combine(_tree, "a"), Path.Combine(_tree, "b"));

        Refused(() => _files.Write("a", "x")).ShouldContain("out of the worktree");
    }

    [Theory]
    [InlineData("../outside")]
    [InlineData("inner/../../outside")]
    public void A_folder_that_is_a_link_out_is_not_entered(string target)
    {
        _folder.CreateFolder("tree", "inner");
        Directory.CreateSymbolicLink(Path.Combine(_tree, "d"), target);

        Refused(() => _files.Write("d/secret", "x")).ShouldContain("out of the worktree");
        Refused(() => _files.Delete("d/secret")).ShouldContain("out of the worktree");
        TheSecretIsUntouched();
    }

    [Fact]
    public void Links_that_lead_out_only_together_are_refused()
    {
        _folder.CreateFolder("tree", "x");
        Directory.CreateSymbolicLink(Path.Combine(_tree, "here"), ".");
        Directory.CreateSymbolicLink(Path.Combine(_tree, "up"), "here/..");

        Refused(() => _files.Write("up/outside/secret", "x")).ShouldContain("out of the worktree");
        TheSecretIsUntouched();
    }

    [Fact]
    public void A_link_that_stays_inside_is_written_through()
    {
        Plant("real/file", "old");
        Directory.CreateSymbolicLink(Path.Combine(_tree, "alias"), "real");
        File.CreateSymbolicLink(Path.Combine(_tree, "shortcut"), "./alias/file");

        _files.Write("shortcut", "new").ShouldBe("real/file");

        Read("real/file").ShouldBe("new");
        new FileInfo(Path.Combine(_tree, "shortcut")).LinkTarget.ShouldBe("./alias/file");
    }

    [Fact]
    public void A_link_inside_to_a_git_directory_is_not_written_through()
    {
        _folder.CreateFolder("tree", ".git");
        Directory.CreateSymbolicLink(Path.Combine(_tree, "a"), ".git");

        Refused(() => _files.Write("a/config", "x")).ShouldContain("git directory");
        File.Exists(Path.Combine(_tree, ".git", "config")).ShouldBeFalse();
    }

    [Fact]
    public void A_circle_of_links_is_refused()
    {
        File.CreateSymbolicLink(Path.Combine(_tree, "a"), "b");
        File.CreateSymbolicLink(Path.Combine(_tree, "b"), "a");

        Refused(() => _files.Write("a", "x")).ShouldContain("too many links");
    }

    [Fact]
    public void A_folder_is_neither_written_nor_deleted()
    {
        Plant("d/file", "x");

        Refused(() => _files.Write("d", "x")).ShouldContain("is a folder");
        Refused(() => _files.Delete("d")).ShouldContain("is a folder");
        Read("d/file").ShouldBe("x");
    }

    [Fact]
    public void A_link_to_a_folder_is_not_written()
    {
        _folder.CreateFolder("tree", "d");
        Directory.CreateSymbolicLink(Path.Combine(_tree, "a"), "d");
        Directory.CreateSymbolicLink(Path.Combine(_tree, "here"), ".");

        Refused(() => _files.Write("a", "x")).ShouldContain("is a folder");
        Refused(() => _files.Write("here", "x")).ShouldContain("is a link to a folder");
    }

    [Fact]
    public void A_file_is_not_taken_for_a_folder()
    {
        Plant("a", "x");

        Refused(() => _files.Write("a/b", "x")).ShouldContain("'a', which is not a folder");
        Read("a").ShouldBe("x");
    }

    [Fact]
    public async Task A_pipe_is_refused_without_waiting_for_its_reader()
    {
        (await ProcessRunner.RunAsync("mkfifo", [Path.Combine(_tree, "p")], TestContext.Current.CancellationToken)).EnsureSuccess();

        Refused(() => _files.Write("p", "x")).ShouldContain("not a regular file");
    }

    [Fact]
    public void Deleting_a_file_deletes_the_folders_that_it_leaves_empty()
    {
        Plant("a/b/c", "x");
        Plant("a/d", "x");

        _files.Delete("a/b/c");

        Directory.Exists(Path.Combine(_tree, "a", "b")).ShouldBeFalse();
        Read("a/d").ShouldBe("x");
    }

    [Fact]
    public void Deleting_a_link_deletes_the_link_alone()
    {
        File.CreateSymbolicLink(Path.Combine(_tree, "a"), "../outside/secret");

        _files.Delete("a");

        Path.Exists(Path.Combine(_tree, "a")).ShouldBeFalse();
        TheSecretIsUntouched();
    }

    [Fact]
    public void Deleting_what_is_not_there_is_no_error()
    {
        Plant("a", "x");

        _files.Delete("nothing");
        _files.Delete("no/folder/either");

        Read("a").ShouldBe("x");
    }

    private static string Refused(Action action)
    {
        var refusal = action.ShouldThrow<StageException>();
        refusal.Code.ShouldBe("path_refused");
        refusal.Kind.ShouldBe(FaultKind.Permanent);
        return refusal.Message;
    }

    private static void Linked(string program, string target, string link) =>
        ProcessRunner.RunAsync(program, [target, link]).GetAwaiter().GetResult().EnsureSuccess();

    private void Plant(string path, string text)
    {
        var file = Path.Combine(_tree, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }

    private string Read(string path) => File.ReadAllText(Path.Combine(_tree, path));

    private void TheSecretIsUntouched() => File.ReadAllText(Path.Combine(_outside, "secret")).ShouldBe("untouched");
}
