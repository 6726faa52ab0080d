using System.Text;
using AiCd.Actors.Jobs.Payloads;
using AiCd.Actors.Ports;
using AiCd.Testing;

namespace AiCd.Forge.Tests.Worktrees;

public sealed class BaseFilesTests : IAsyncLifetime
{
    private readonly TestForge _forge = new();
    private GitRepository _source = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _source = await GitRepository.CreateAsync(
        new Dictionary<string, string> { [".aicd.yml"] = "test: true\n", ["d/f"] = "x\n", ["[a].yml"] = "odd\n" }, Cancel);

    public ValueTask DisposeAsync()
    {
        _source.Dispose();
        _forge.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_file_of_the_base_is_read_as_the_base_has_it_whatever_the_job_makes_of_it()
    {
        var job = TestForge.NewJob();
        var commit = await _forge.CommitAsync(_source, job, new FileChange(".aicd.yml", "test: false\n"));
        await using var review = await _forge.OpenAsync(_source, job, "review", commit.Change);
        await File.WriteAllTextAsync(Path.Combine(review.Path, ".aicd.yml"), "test: never\n", Cancel);

        (await ReadAsync(review, ".aicd.yml")).ShouldBe("test: true\n");
        (await ReadAsync(review, "[a].yml")).ShouldBe("odd\n");
        (await ReadAsync(review, "d/f")).ShouldBe("x\n");
        (await ReadAsync(review, "missing")).ShouldBeNull();
    }

    [Fact]
    public async Task A_file_of_a_commit_is_read_before_there_is_any_worktree_of_it()
    {
        var target = await _forge.Workspaces.ResolveAsync("default", _source.Location, null, Cancel);
        await _source.CommitFileAsync(".aicd.yml", "test: later\n", "Change the rules", Cancel);

        Encoding.UTF8.GetString((await ReadAsync(".aicd.yml"))!).ShouldBe("test: true\n");
        (await ReadAsync("missing")).ShouldBeNull();
        await Expect.RefusalAsync(FaultKind.Permanent, "base_file_refused", () => ReadAsync("d"));

        Task<byte[]?> ReadAsync(string path) => _forge.Workspaces.ReadBaseFileAsync("default", target, path, 100, Cancel);
    }

    [Fact]
    public async Task A_link_a_folder_and_a_large_file_are_refused()
    {
        File.CreateSymbolicLink(Path.Combine(_source.Location, "link"), "/etc/hostname");
        await _source.GitAsync(["add", "link"], Cancel);
        await _source.CommitAsync("Add a link", Cancel);
        await using var workspace = await _forge.OpenAsync(_source, TestForge.NewJob());

        foreach (var path in new[] { "link", "d" })
        {
            (await Expect.RefusalAsync(FaultKind.Permanent, "base_file_refused", () => ReadAsync(workspace, path))).Message.ShouldContain("expected a plain file");
        }

        (await Expect.RefusalAsync(FaultKind.Permanent, "base_file_refused", () => workspace.ReadBaseFileAsync(".aicd.yml", 5, Cancel)))
            .Message.ShouldContain("expected at most 5 bytes, found 11");
    }

    [Fact]
    public async Task Every_path_that_a_commit_touches_is_named_of_a_rename_both()
    {
        var job = TestForge.NewJob();
        var commit = await _forge.CommitAsync(
            _source, job, new FileChange("d/f", null), new FileChange("d/g", "x\n"), new FileChange("new line", "1\n"), new FileChange(".aicd.yml", "test: false\n"));
        await using var review = await _forge.OpenAsync(_source, job, "review", commit.Change);

        (await review.ChangedPathsAsync(commit.Change.CommitSha, Cancel)).ShouldBe([".aicd.yml", "d/f", "d/g", "new line"], ignoreOrder: true);
    }

    private static async Task<string?> ReadAsync(IWorkspace workspace, string path) =>
        await workspace.ReadBaseFileAsync(path, 1024, Cancel) is { } bytes ? Encoding.UTF8.GetString(bytes) : null;
}
