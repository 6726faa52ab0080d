using AiCd.Actors.Ports;
using AiCd.Testing;

namespace AiCd.Forge.Tests.Repositories;

public sealed class ResolveTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TestForge _forge = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _forge.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_path_a_relative_path_and_a_file_URL_name_the_same_repository()
    {
        using var source = await GitRepository.CreateAsync(cancellationToken: Cancel);
        var link = _folder.Combine("a link");
        Directory.CreateSymbolicLink(link, source.Location);
        string[] names =
        [
            source.Location, source.Location + "/", source.Location + "/.git", source.Location + "/../repository", link, new Uri(link).AbsoluteUri,
            "file://localhost" + source.Location, Path.GetRelativePath(Environment.CurrentDirectory, source.Location),
        ];

        foreach (var name in names)
        {
            var target = await ResolveAsync(name);

            target.Repository.ShouldBe(source.Location, name);
            target.BaseBranch.ShouldBe("main");
            target.BaseSha.ShouldBe(await source.ResolveAsync("main", Cancel));
            target.Notice.ShouldBeNull();
        }
    }

    [Fact]
    public async Task The_base_branch_is_by_default_the_one_that_is_checked_out()
    {
        using var source = await GitRepository.CreateAsync(cancellationToken: Cancel);
        await source.GitAsync(["checkout", "--quiet", "-b", "feature/x"], Cancel);
        await source.CommitAsync("Go on", Cancel);

        (await ResolveAsync(source.Location)).BaseBranch.ShouldBe("feature/x");
        (await ResolveAsync(source.Location, "")).BaseBranch.ShouldBe("feature/x");
        (await ResolveAsync(source.Location, "main")).BaseSha.ShouldBe(await source.ResolveAsync("main", Cancel));
        (await ResolveAsync(source.Location, "refs/heads/main")).BaseBranch.ShouldBe("main");
    }

    [Fact]
    public async Task A_bare_repository_is_one()
    {
        using var source = await GitRepository.CreateAsync(cancellationToken: Cancel);
        using var bare = await source.CloneBareAsync(Cancel);

        var target = await ResolveAsync(bare.Location);

        target.ShouldBe(new RepositoryTarget(bare.Location, "main", await source.ResolveAsync("main", Cancel)));
    }

    [Fact]
    public async Task A_linked_work_tree_has_a_base_branch_of_its_own()
    {
        using var source = await GitRepository.CreateAsync(cancellationToken: Cancel);
        var linked = _folder.Combine("linked");
        await source.GitAsync(["worktree", "add", "--quiet", "-b", "side", linked], Cancel);

        var target = await ResolveAsync(linked);

        target.Repository.ShouldBe(linked);
        target.BaseBranch.ShouldBe("side");
    }

    [Fact]
    public async Task A_folder_inside_of_a_repository_stands_for_the_whole_and_a_notice_says_so()
    {
        using var source = await GitRepository.CreateAsync(new Dictionary<string, string> { ["src/a"] = "1" }, Cancel);

        var target = await ResolveAsync(source.Location + "/src");

        target.Repository.ShouldBe(source.Location);
        target.Notice.ShouldNotBeNull().ShouldContain("works on the whole repository");
    }

    [Fact]
    public async Task A_stray_folder_inside_of_a_repository_is_none()
    {
        using var source = await GitRepository.CreateAsync(cancellationToken: Cancel);
        Directory.CreateDirectory(Path.Combine(source.Location, "stray"));

        var refusal = await RefusedAsync("not_a_repository", source.Location + "/stray");
        refusal.Message.ShouldContain($"Name {source.Location} if you mean that one");
    }

    [Fact]
    public async Task Uncommitted_changes_are_noticed_and_left_alone()
    {
        using var source = await GitRepository.CreateAsync(cancellationToken: Cancel);
        await source.WriteFileAsync("README.md", "changed", Cancel);

        (await ResolveAsync(source.Location)).Notice.ShouldNotBeNull().ShouldContain("uncommitted changes");
        await source.GitAsync(["add", "--all"], Cancel);
        (await ResolveAsync(source.Location)).Notice.ShouldNotBeNull().ShouldContain("uncommitted changes");
        var before = await source.GitAsync(["status", "--porcelain"], Cancel);
        var index = await File.ReadAllBytesAsync(Path.Combine(source.Location, ".git", "index"), Cancel);

        await using (await _forge.OpenAsync(source, TestForge.NewJob()))
        {
            (await source.GitAsync(["--no-optional-locks", "status", "--porcelain"], Cancel)).ShouldBe(before);
        }

        (await File.ReadAllBytesAsync(Path.Combine(source.Location, ".git", "index"), Cancel)).ShouldBe(index);
    }

    [Fact]
    public async Task Files_that_were_only_touched_are_no_changes()
    {
        using var source = await GitRepository.CreateAsync(cancellationToken: Cancel);
        File.SetLastWriteTimeUtc(Path.Combine(source.Location, "README.md"), new DateTime(2001, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        await source.WriteFileAsync("untracked.md", "an issue, say", Cancel);

        (await ResolveAsync(source.Location)).Notice.ShouldBeNull();
    }

    [Fact]
    public async Task A_missing_folder_is_told_apart_from_one_without_a_repository()
    {
        await RefusedAsync("repository_not_found", _folder.Combine("nothing"));
        await File.WriteAllTextAsync(_folder.Combine("file"), "", Cancel);
        (await RefusedAsync("repository_not_found", _folder.Combine("file"))).Message.ShouldContain("is a file");
        await RefusedAsync("not_a_repository", _folder.Location);
    }

    [Fact]
    public async Task A_repository_without_a_commit_is_empty()
    {
        using var source = await GitRepository.InitAsync(Cancel);

        await RefusedAsync("repository_empty", source.Location);
        await RefusedAsync("repository_empty", source.Location, "main");
    }

    [Theory]
    [InlineData("nope")]
    [InlineData("main^")]
    [InlineData("main~0")]
    [InlineData("HEAD")]
    [InlineData("tag")]
    [InlineData("*")]
    [InlineData("--all")]
    [InlineData("../heads/main")]
    public async Task A_missing_base_branch_is_named_with_those_that_are_there(string branch)
    {
        using var source = await GitRepository.CreateAsync(cancellationToken: Cancel);
        await source.CreateBranchAsync("develop", cancellationToken: Cancel);
        await source.GitAsync(["tag", "tag"], Cancel);

        var refusal = await RefusedAsync("base_branch_not_found", source.Location, branch);
        refusal.Message.ShouldContain("develop");
        refusal.Message.ShouldContain("main");
    }

    [Fact]
    public async Task A_head_that_names_no_branch_yet_lists_those_that_are_there()
    {
        using var source = await GitRepository.CreateAsync(cancellationToken: Cancel);
        using var bare = await source.CloneBareAsync(Cancel);
        await bare.GitAsync(["symbolic-ref", "HEAD", "refs/heads/master"], Cancel);

        (await RefusedAsync("base_branch_not_found", bare.Location)).Message.ShouldContain("it has main");
    }

    [Fact]
    public async Task A_detached_head_asks_for_a_base_branch()
    {
        using var source = await GitRepository.CreateAsync(cancellationToken: Cancel);
        await source.CheckoutAsync(await source.ResolveAsync("main", Cancel), Cancel);

        (await RefusedAsync("base_branch_required", source.Location)).Message.ShouldContain("--base");
        (await ResolveAsync(source.Location, "main")).BaseBranch.ShouldBe("main");
    }

    [Fact]
    public async Task Only_repositories_under_the_allowed_roots_are_touched()
    {
        using var allowed = await GitRepository.CreateAsync(cancellationToken: Cancel);
        using var other = await GitRepository.CreateAsync(cancellationToken: Cancel);
        using var forge = new TestForge(("AiCd:Git:AllowedRoots:0", Path.GetDirectoryName(allowed.Location)!));
        var way = Path.Combine(Path.GetDirectoryName(allowed.Location)!, "way");
        Directory.CreateSymbolicLink(way, other.Location);

        (await forge.Workspaces.ResolveAsync("default", allowed.Location, null, Cancel)).Repository.ShouldBe(allowed.Location);
        foreach (var path in new[] { other.Location, way, other.Location + "/nothing", allowed.Location + "/../../" + "x", allowed.Location + "x/../../y" })
        {
            await Expect.RefusalAsync(FaultKind.Permanent, "repository_not_allowed", () => forge.Workspaces.ResolveAsync("default", path, null, Cancel));
        }
    }

    [Fact]
    public async Task A_git_file_that_leads_out_of_the_allowed_roots_is_not_followed()
    {
        using var secret = await GitRepository.CreateAsync(cancellationToken: Cancel);
        var decoy = _folder.CreateFolder("decoy");
        await File.WriteAllTextAsync(Path.Combine(decoy, ".git"), $"gitdir: {secret.Location}/.git\n", Cancel);
        using var forge = new TestForge(("AiCd:Git:AllowedRoots:0", _folder.Location));

        await Expect.RefusalAsync(FaultKind.Permanent, "repository_not_allowed", () => forge.Workspaces.ResolveAsync("default", decoy, null, Cancel));
        await Expect.RefusalAsync(FaultKind.Permanent, "repository_not_allowed", () => forge.Forge.FindBranchAsync(
            TestForge.Draft(secret, TestForge.NewJob(), new("", "", "", "", 0, 0, 0)), Cancel));
    }

    [Fact]
    public async Task An_https_URL_of_another_forge_is_not_supported_and_the_message_says_what_is() =>
        (await RefusedAsync("forge_not_supported", "https://example.com/owner/name")).Message.ShouldContain("on this machine or on https://github.com/");

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("a\nb")]
    [InlineData("git@github.com:owner/name.git")]
    [InlineData("ssh://git@github.com/owner/name")]
    [InlineData("git://example.com/x")]
    [InlineData("http://example.com/x")]
    [InlineData("ext://sh -c x")]
    [InlineData("file://server/share")]
    [InlineData("https://user:token@github.com/owner/name")]
    public async Task A_name_of_another_kind_is_invalid(string name) =>
        (await RefusedAsync("repository_invalid", name)).Message.ShouldNotContain("token");

    private Task<RepositoryTarget> ResolveAsync(string repository, string? baseBranch = null) =>
        _forge.Workspaces.ResolveAsync("default", repository, baseBranch, Cancel);

    private Task<StageException> RefusedAsync(string code, string repository, string? baseBranch = null) =>
        Expect.RefusalAsync(FaultKind.Permanent, code, () => ResolveAsync(repository, baseBranch));
}
