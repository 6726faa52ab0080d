namespace AiCd.Testing.Tests;

public sealed class GitRepositoryTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Commits_branches_and_files_can_be_read_back()
    {
        using var repository = await GitRepository.CreateAsync(cancellationToken: Cancelled);
        await repository.CreateBranchAsync("feature", cancellationToken: Cancelled);
        await repository.CheckoutAsync("feature", Cancelled);
        var head = await repository.CommitFileAsync("src/a.txt", "one\n", "Add a", Cancelled);

        (await repository.ListBranchesAsync(Cancelled)).ShouldBe(["feature", "main"]);
        (await repository.LogAsync("feature", Cancelled)).ShouldBe(["Add a", "Begin"]);
        (await repository.ReadFileAsync(head, "src/a.txt", Cancelled)).ShouldBe("one\n");
        (await repository.ListFilesAsync("main", Cancelled)).ShouldBe(["README.md"]);
    }

    [Fact]
    public async Task Equal_content_gives_equal_commit_ids_on_every_machine()
    {
        using var first = await GitRepository.CreateAsync(cancellationToken: Cancelled);
        using var second = await GitRepository.CreateAsync(cancellationToken: Cancelled);

        var id = await first.ResolveAsync("main", Cancelled);

        id.ShouldBe(await second.ResolveAsync("main", Cancelled));
        id.ShouldBe("d8d52aca49a7f0917685e7bc2849d9471ebda2fd");
    }

    [Fact]
    public async Task A_bare_clone_takes_pushes()
    {
        using var repository = await GitRepository.CreateAsync(cancellationToken: Cancelled);
        using var bare = await repository.CloneBareAsync(Cancelled);
        await repository.CommitFileAsync("b.txt", "two\n", "Add b", Cancelled);

        await repository.GitAsync(["push", "--quiet", bare.Location, "main:refs/heads/pushed"], Cancelled);

        (await bare.ListBranchesAsync(Cancelled)).ShouldBe(["main", "pushed"]);
        (await bare.LogAsync("pushed", Cancelled)).ShouldBe(["Add b", "Begin"]);
    }

    [Fact]
    public async Task A_failing_command_tells_git_s_own_reason()
    {
        using var repository = await GitRepository.InitAsync(Cancelled);

        var failure = await Should.ThrowAsync<InvalidOperationException>(() => repository.CheckoutAsync("nowhere", Cancelled));

        failure.Message.ShouldContain("nowhere");
        failure.Message.ShouldContain("exit code");
    }
}
