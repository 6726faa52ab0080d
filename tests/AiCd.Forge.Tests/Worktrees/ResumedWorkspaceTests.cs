using AiCd.Actors.Jobs;
using AiCd.Actors.Jobs.Payloads;
using AiCd.Actors.Ports;
using AiCd.Testing;

namespace AiCd.Forge.Tests.Worktrees;

public sealed class ResumedWorkspaceTests : IDisposable
{
    private readonly TestForge _forge = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _forge.Dispose();

    [Fact]
    public async Task A_later_attempt_takes_over_the_worktree_that_an_earlier_one_kept()
    {
        using var source = await GitRepository.CreateAsync(new Dictionary<string, string> { ["a.txt"] = "a\n" }, Cancel);
        var job = TestForge.NewJob();
        var first = await OpenAsync(source, job, "a1");
        await File.WriteAllTextAsync(Path.Combine(first.Path, "made.txt"), "half done\n", Cancel);
        first.Keep();
        await first.DisposeAsync();
        await source.CommitFileAsync("later.txt", "the base moved\n", "Move on", Cancel);

        await using var second = await OpenAsync(source, job, "a2", resume: "a1");

        second.Resumed.ShouldBeTrue();
        second.BaseSha.ShouldBe(first.BaseSha);
        Directory.Exists(first.Path).ShouldBeFalse();
        (await File.ReadAllTextAsync(Path.Combine(second.Path, "made.txt"), Cancel)).ShouldBe("half done\n");
        var commit = await second.CommitAsync(TestForge.Result(), Cancel);
        commit.Change.BaseSha.ShouldBe(first.BaseSha);
        commit.Diff.ShouldContain("+half done");
        commit.Change.FilesChanged.ShouldBe(1);
    }

    [Fact]
    public async Task A_worktree_is_found_by_any_attempt_that_had_it()
    {
        using var source = await GitRepository.CreateAsync(new Dictionary<string, string> { ["a.txt"] = "a\n" }, Cancel);
        var job = TestForge.NewJob();
        (await OpenAsync(source, job, "a1")).Keep();
        (await OpenAsync(source, job, "a2", resume: "a1")).Keep();

        await using var third = await OpenAsync(source, job, "a3", resume: "a1");

        third.Resumed.ShouldBeTrue();
    }

    [Fact]
    public async Task Without_a_worktree_at_hand_an_attempt_starts_anew()
    {
        using var source = await GitRepository.CreateAsync(new Dictionary<string, string> { ["a.txt"] = "a\n" }, Cancel);
        var job = TestForge.NewJob();
        await (await OpenAsync(source, job, "a1")).DisposeAsync();
        (await OpenAsync(source, TestForge.NewJob(), "b1")).Keep();

        await using var second = await OpenAsync(source, job, "a2", resume: "a1");
        await using var third = await OpenAsync(source, job, "a3", resume: "b1");

        second.Resumed.ShouldBeFalse();
        third.Resumed.ShouldBeFalse();
    }

    [Fact]
    public async Task A_worktree_of_another_round_is_not_taken_over()
    {
        using var source = await GitRepository.CreateAsync(new Dictionary<string, string> { ["a.txt"] = "a\n" }, Cancel);
        var job = TestForge.NewJob();
        var first = await OpenAsync(source, job, "a1");
        first.Keep();
        var commit = await first.CommitAsync(TestForge.Result(new FileChange("a.txt", "b\n")), Cancel);

        await using var second = await OpenAsync(source, job, "a2", resume: "a1", from: commit.Change);

        second.Resumed.ShouldBeFalse();
        Directory.Exists(first.Path).ShouldBeFalse();
        (await File.ReadAllTextAsync(Path.Combine(second.Path, "a.txt"), Cancel)).ShouldBe("b\n");
    }

    private Task<IWorkspace> OpenAsync(GitRepository source, JobId job, string attempt, string? resume = null, CommittedChange? from = null) =>
        _forge.Workspaces.OpenAsync(new WorkspaceRequest(job, "default", source.Location, "main", attempt, from, null) { Resume = resume }, Cancel);
}
