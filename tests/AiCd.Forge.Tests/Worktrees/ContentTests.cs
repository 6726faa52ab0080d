using AiCd.Actors.Jobs.Payloads;
using AiCd.Actors.Ports;
using AiCd.Testing;

namespace AiCd.Forge.Tests.Worktrees;

/// <summary>Files and messages come out as they went in.</summary>
public sealed class ContentTests : IDisposable
{
    private readonly TestForge _forge = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _forge.Dispose();

    [Fact]
    public async Task Line_endings_are_kept_on_the_way_in_and_out()
    {
        using var source = await GitRepository.CreateAsync(new Dictionary<string, string> { ["dos.txt"] = "a\r\nb\r\n", ["unix.txt"] = "a\nb\n" }, Cancel);
        await using var workspace = await _forge.OpenAsync(source, TestForge.NewJob());
        (await File.ReadAllTextAsync(Path.Combine(workspace.Path, "dos.txt"), Cancel)).ShouldBe("a\r\nb\r\n");

        var commit = await workspace.CommitAsync(TestForge.Result(new FileChange("dos.txt", "a\r\nc\r\n"), new FileChange("new.txt", "x\r\ny\n")), Cancel);

        (await ReadAsync(source, commit, "dos.txt")).ShouldBe("a\r\nc\r\n");
        (await ReadAsync(source, commit, "new.txt")).ShouldBe("x\r\ny\n");
        commit.Change.FilesChanged.ShouldBe(2);
    }

    [Fact]
    public async Task A_file_stays_executable_and_an_agent_can_make_one_so()
    {
        using var source = await GitRepository.InitAsync(Cancel);
        await source.WriteFileAsync("run.sh", "echo 1\n", Cancel);
        await source.WriteFileAsync("plain", "1\n", Cancel);
        File.SetUnixFileMode(Path.Combine(source.Location, "run.sh"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        await source.CommitAsync("Begin", Cancel);
        await using var workspace = await _forge.OpenAsync(source, TestForge.NewJob());
        File.SetUnixFileMode(Path.Combine(workspace.Path, "plain"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

        var commit = await workspace.CommitAsync(TestForge.Result(new FileChange("run.sh", "echo 2\n")), Cancel);

        await TakeAsync(source, commit);
        var modes = await source.GitAsync(["ls-tree", "-r", commit.Change.CommitSha], Cancel);
        modes.Split('\n', StringSplitOptions.RemoveEmptyEntries).ShouldAllBe(line => line.StartsWith("100755", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Binary_files_are_committed_and_shown_as_binary()
    {
        using var source = await GitRepository.CreateAsync(cancellationToken: Cancel);
        await using var workspace = await _forge.OpenAsync(source, TestForge.NewJob());
        byte[] bytes = [0, 1, 2, 255, 0, 13, 10];
        await File.WriteAllBytesAsync(Path.Combine(workspace.Path, "image.png"), bytes, Cancel);

        var commit = await workspace.CommitAsync(TestForge.Result(), Cancel);

        commit.Diff.ShouldContain("Binary files /dev/null and b/image.png differ");
        commit.Change.ShouldSatisfyAllConditions(c => c.FilesChanged.ShouldBe(1), c => c.Insertions.ShouldBe(0));
        await TakeAsync(source, commit);
        await source.GitAsync(["checkout", "--quiet", commit.Change.CommitSha], Cancel);
        (await File.ReadAllBytesAsync(Path.Combine(source.Location, "image.png"), Cancel)).ShouldBe(bytes);
    }

    [Theory]
    [InlineData("with blank.txt")]
    [InlineData("日本語/ü é.txt")]
    [InlineData("👩‍💻/🚀.md")]
    [InlineData("-rf")]
    [InlineData("*.txt")]
    [InlineData(":(top)x")]
    [InlineData("quote\"'$(x)`y`")]
    [InlineData("[id]/(group)/@slot.tsx")]
    public async Task A_file_may_have_an_odd_name(string path)
    {
        using var source = await GitRepository.CreateAsync(cancellationToken: Cancel);
        if (path.Contains(':'))
        {
            await Expect.PathRefusedAsync(() => _forge.CommitAsync(source, TestForge.NewJob(), new FileChange(path, "x\n")));
            return;
        }

        var commit = await _forge.CommitAsync(source, TestForge.NewJob(), new FileChange(path, "x\n"));

        commit.Change.FilesChanged.ShouldBe(1);
        (await ReadAsync(source, commit, path)).ShouldBe("x\n");
    }

    [Fact]
    public async Task A_file_of_the_base_with_a_line_break_in_its_name_can_be_deleted()
    {
        using var source = await GitRepository.CreateAsync(new Dictionary<string, string> { ["a\nb"] = "1\n", ["c"] = "1\n" }, Cancel);
        await using var workspace = await _forge.OpenAsync(source, TestForge.NewJob());
        File.Delete(Path.Combine(workspace.Path, "a\nb"));

        var commit = await workspace.CommitAsync(TestForge.Result(), Cancel);

        await TakeAsync(source, commit);
        (await source.ListFilesAsync(commit.Change.CommitSha, Cancel)).ShouldBe(["c"]);
    }

    [Fact]
    public async Task A_rename_is_shown_as_one()
    {
        var text = string.Concat(Enumerable.Range(0, 50).Select(line => $"line {line}\n"));
        using var source = await GitRepository.CreateAsync(new Dictionary<string, string> { ["old name"] = text }, Cancel);

        var commit = await _forge.CommitAsync(source, TestForge.NewJob(), new FileChange("old name", null), new FileChange("new name", text + "more\n"));

        commit.Diff.ShouldContain("rename from old name\nrename to new name\n");
        commit.Change.ShouldSatisfyAllConditions(c => c.FilesChanged.ShouldBe(1), c => c.Insertions.ShouldBe(1), c => c.Deletions.ShouldBe(0));
    }

    [Fact]
    public async Task A_long_diff_is_cut_at_the_end_of_a_line_with_a_note()
    {
        using var forge = new TestForge(("AiCd:Git:MaxDiffBytes", "2000"));
        using var source = await GitRepository.CreateAsync(cancellationToken: Cancel);

        var commit = await forge.CommitAsync(source, TestForge.NewJob(), new FileChange("big", string.Concat(Enumerable.Range(0, 1000).Select(line => $"line {line} ü\n"))));

        commit.Diff.Length.ShouldBeLessThan(2200);
        commit.Diff.ShouldMatch(@"\n\+line \d+ ü\n\[The diff is cut here: \d+ of \d+ bytes are shown\.\]\n$");
        commit.Change.Insertions.ShouldBe(1000);
    }

    [Fact]
    public async Task A_change_that_is_too_large_is_refused()
    {
        using var forge = new TestForge(("AiCd:Git:MaxBundleBytes", "2000"));
        using var source = await GitRepository.CreateAsync(cancellationToken: Cancel);
        var noise = new char[20_000];
        for (var i = 0; i < noise.Length; i++)
        {
            noise[i] = (char)(0x4e00 + (i * 7919 % 20_000));
        }

        var refusal = await Expect.RefusalAsync(
            FaultKind.Permanent, "change_too_large", () => forge.CommitAsync(source, TestForge.NewJob(), new FileChange("big", new string(noise))));
        refusal.Message.ShouldContain("expected at most 2000");
    }

    [Theory]
    [InlineData("Fix 🐛 in ü", "Fix 🐛 in ü")]
    [InlineData("Subject\r\n\r\nBody  \r\n", "Subject\n\nBody")]
    [InlineData("\n\n  Subject\n# not a comment\n", "Subject\n# not a comment")]
    [InlineData("a\0b\u001b[31mc\u0007", "ab[31mc")]
    [InlineData("-m --amend", "-m --amend")]
    public async Task A_message_is_kept_as_far_as_git_and_terminals_bear_it(string message, string expected)
    {
        using var source = await GitRepository.CreateAsync(cancellationToken: Cancel);
        await using var workspace = await _forge.OpenAsync(source, TestForge.NewJob());

        var commit = await workspace.CommitAsync(TestForge.Result(message, new FileChange("a", "1")), Cancel);

        commit.Change.Message.ShouldBe(expected);
        await TakeAsync(source, commit);
        (await source.GitAsync(["show", "--no-patch", "--format=%B", commit.Change.CommitSha], Cancel)).TrimEnd().ShouldBe(expected);
    }

    [Fact]
    public async Task Half_a_character_in_a_message_is_replaced()
    {
        using var source = await GitRepository.CreateAsync(cancellationToken: Cancel);
        await using var workspace = await _forge.OpenAsync(source, TestForge.NewJob());

        var commit = await workspace.CommitAsync(TestForge.Result("a\ud800b", new FileChange("a\u00e9", "\udc00")), Cancel);

        commit.Change.Message.ShouldBe("a\ufffdb");
        (await ReadAsync(source, commit, "a\u00e9")).ShouldBe("\ufffd");
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \n\t\0\n ")]
    public async Task A_commit_without_a_message_is_named_after_its_job(string message)
    {
        using var source = await GitRepository.CreateAsync(cancellationToken: Cancel);
        var job = TestForge.NewJob();
        await using var workspace = await _forge.OpenAsync(source, job);

        var commit = await workspace.CommitAsync(TestForge.Result(message, new FileChange("a", "1")), Cancel);

        commit.Change.Message.ShouldBe($"Change for job {job}");
    }

    [Fact]
    public async Task A_message_of_any_length_is_taken_and_cut()
    {
        using var source = await GitRepository.CreateAsync(cancellationToken: Cancel);
        await using var workspace = await _forge.OpenAsync(source, TestForge.NewJob());

        var commit = await workspace.CommitAsync(TestForge.Result(new string('x', 1_000_000), new FileChange("a", "1")), Cancel);

        commit.Change.Message.Length.ShouldBeLessThan(40_000);
    }

    private static async Task<string> ReadAsync(GitRepository source, WorkspaceCommit commit, string path)
    {
        await TakeAsync(source, commit);
        return await source.ReadFileAsync(commit.Change.CommitSha, path, Cancel);
    }

    private static async Task TakeAsync(GitRepository source, WorkspaceCommit commit)
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllBytesAsync(folder.Combine("b"), commit.Bundle, Cancel);
        await source.GitAsync(["bundle", "unbundle", folder.Combine("b")], Cancel);
    }
}
