using AiCd.Actors.Jobs.Payloads;
using AiCd.Actors.Ports;
using AiCd.Testing.GitHub;

namespace AiCd.Forge.Tests.GitHub;

public sealed class GitHubRepositoriesTests : GitHubFixture
{
    private static Task<RepositoryTarget> ResolveAsync(GitHubNode node, string repository, string? branch = null, string tenant = "default") =>
        node.Workspaces.ResolveAsync(tenant, repository, branch, Cancel);

    [Fact]
    public async Task A_repository_is_found_by_every_way_to_write_it()
    {
        var node = App();
        var main = await Repository.Git.ResolveAsync("main", Cancel);

        foreach (var text in new[] { "acme/app", "Acme/App", $"{GitHub.WebUrl}acme/app", $"{GitHub.WebUrl}acme/app.git", $"{GitHub.WebUrl}acme/app/" })
        {
            (await ResolveAsync(node, text)).ShouldBe(new RepositoryTarget($"{GitHub.WebUrl}acme/app", "main", main));
        }

        (await ResolveAsync(node, "acme/app", "refs/heads/main")).BaseBranch.ShouldBe("main");
    }

    [Fact]
    public async Task A_file_of_a_commit_is_read_before_there_is_a_mirror()
    {
        var ruled = await GitHub.AddRepositoryAsync("acme", "ruled", new Dictionary<string, string> { [".aicd.yml"] = "base: develop\n" });
        Installation.Repositories.Add(ruled);
        var node = App();
        var target = await ResolveAsync(node, "acme/ruled");
        var tree = await ruled.Git.GitAsync(["hash-object", "-w", "-t", "tree", "/dev/null"], Cancel);
        await ruled.Git.GitAsync(["update-ref", "refs/heads/main", (await ruled.Git.GitAsync(["commit-tree", tree.Trim(), "-m", "Drop all"], Cancel)).Trim()], Cancel);

        System.Text.Encoding.UTF8.GetString((await ReadAsync(".aicd.yml", 100))!).ShouldBe("base: develop\n");
        (await ReadAsync("missing.yml", 100)).ShouldBeNull();
        (await Expect.RefusalAsync(FaultKind.Permanent, "base_file_refused", () => ReadAsync(".aicd.yml", 5))).Message.ShouldContain("expected at most 5 bytes, found 14");

        Task<byte[]?> ReadAsync(string path, int maxBytes) => node.Workspaces.ReadBaseFileAsync("default", target, path, maxBytes, Cancel);
    }

    [Fact]
    public async Task A_renamed_repository_is_followed_and_told_of()
    {
        Repository.Name = "tool";
        GitHub.Renames["acme/app"] = "acme/tool";
        var node = App();

        var target = await ResolveAsync(node, "acme/app");

        target.Repository.ShouldBe($"{GitHub.WebUrl}acme/tool");
        target.Notice.ShouldNotBeNull().ShouldContain("renamed");
    }

    [Fact]
    public async Task A_job_whose_repository_is_renamed_meanwhile_goes_on()
    {
        var node = App();
        var (draft, bundle) = await node.CommitAsync(Repository, NewJob());
        Repository.Name = "tool";
        GitHub.Renames["acme/app"] = "acme/tool";

        await node.Forge.PushAsync(draft, _ => Task.FromResult(bundle), Cancel);
        await node.Forge.OpenPullRequestAsync(draft, Cancel);

        Repository.Pulls.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Files_of_lfs_and_submodules_are_told_of()
    {
        var lfs = await GitHub.AddRepositoryAsync("acme", "large", new Dictionary<string, string>
        {
            [".gitattributes"] = "*.bin filter=lfs diff=lfs merge=lfs -text\n",
            ["a.bin"] = "version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 1\n",
            [".gitmodules"] = "[submodule \"x\"]\n\tpath = x\n\turl = ../x\n",
        });
        Installation.Repositories.Add(lfs);

        var target = await ResolveAsync(App(), "acme/large");

        target.Notice.ShouldNotBeNull().ShouldContain("LFS");
        target.Notice.ShouldContain("Submodules");
    }

    [Fact]
    public async Task A_change_that_replaces_a_pointer_of_lfs_is_refused_and_any_other_is_not()
    {
        const string Pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 1\n";
        Installation.Repositories.Add(await GitHub.AddRepositoryAsync("acme", "large", new Dictionary<string, string>
        {
            [".gitattributes"] = "*.bin filter=lfs diff=lfs merge=lfs -text\n",
            ["a.bin"] = Pointer,
            ["a.txt"] = "1\n",
        }));
        var node = App();

        await CommitAsync(new FileChange("a.txt", "2\n"));
        await CommitAsync(new FileChange("a.bin", Pointer + "\n"));
        var refusal = await Expect.PathRefusedAsync(() => CommitAsync(new FileChange("a.bin", "the content itself")));

        refusal.Message.ShouldContain("LFS");

        async Task CommitAsync(FileChange change)
        {
            await using var workspace = await node.Workspaces.OpenAsync(
                new WorkspaceRequest(NewJob(), "default", $"{GitHub.WebUrl}acme/large", "main", $"a{Guid.NewGuid():N}", null, null), Cancel);
            await workspace.CommitAsync(TestForge.Result(change), Cancel);
        }
    }

    [Theory]
    [InlineData("archived", "repository_archived")]
    [InlineData("disabled", "repository_disabled")]
    [InlineData("huge", "repository_too_large")]
    public async Task A_repository_that_cannot_be_worked_on_is_refused_in_words(string state, string code)
    {
        Repository.Archived = state == "archived";
        Repository.Disabled = state == "disabled";
        Repository.Size = state == "huge" ? 100L * 1024 * 1024 : 1;

        await Expect.RefusalAsync(FaultKind.Permanent, code, () => ResolveAsync(App(), "acme/app"));
    }

    [Fact]
    public async Task An_empty_repository_is_called_so()
    {
        Installation.Repositories.Add(await GitHub.AddRepositoryAsync("acme", "empty", empty: true));

        await Expect.RefusalAsync(FaultKind.Permanent, "repository_empty", () => ResolveAsync(App(), "acme/empty"));
    }

    [Fact]
    public async Task A_branch_that_is_not_there_is_named_with_those_that_are()
    {
        var refusal = await Expect.RefusalAsync(FaultKind.Permanent, "base_branch_not_found", () => ResolveAsync(App(), "acme/app", "trunk"));

        refusal.Message.ShouldContain("it has main");
    }

    [Fact]
    public async Task What_the_credentials_do_not_reach_is_not_found()
    {
        var hidden = await GitHub.AddRepositoryAsync("acme", "hidden");
        hidden.Private = true;

        await Expect.RefusalAsync(FaultKind.Permanent, "repository_not_found", () => ResolveAsync(App(), "acme/hidden"));
        await Expect.RefusalAsync(FaultKind.Permanent, "repository_not_found", () => ResolveAsync(WithToken(), "acme/hidden"));
        await Expect.RefusalAsync(FaultKind.Permanent, "repository_not_found", () => ResolveAsync(App(), "acme/missing"));
    }

    [Fact]
    public async Task Only_listed_repositories_are_allowed_where_there_is_a_list()
    {
        var node = App(("Repositories:0", "acme/other"), ("Repositories:1", "friends/*"));

        await Expect.RefusalAsync(FaultKind.Permanent, "repository_not_allowed", () => ResolveAsync(node, "acme/app"));
        (await ResolveAsync(App(("Repositories:0", "acme/*")), "acme/app")).BaseBranch.ShouldBe("main");
    }

    [Fact]
    public async Task A_tenant_names_only_repositories_of_its_own_installations()
    {
        var node = App(("Tenants:0", $"{Installation.Id}=acme"));

        (await ResolveAsync(node, "acme/app", tenant: "acme")).BaseBranch.ShouldBe("main");
        await Expect.RefusalAsync(FaultKind.Permanent, "repository_not_allowed", () => ResolveAsync(node, "acme/app", tenant: "default"));
    }

    [Fact]
    public async Task A_github_that_does_not_answer_lets_the_job_wait()
    {
        GitHub.Plan(request => !request.IsGit, new Fault.Answer(503, "Unavailable"), times: 100);

        var refusal = await Expect.RefusalAsync(FaultKind.ProviderDown, "github_unavailable", () => ResolveAsync(WithToken(), "acme/app"));

        refusal.Message.ShouldContain("503");
    }

    [Fact]
    public async Task Another_host_is_no_github()
    {
        await Expect.RefusalAsync(FaultKind.Permanent, "forge_not_supported", () => ResolveAsync(App(), "https://gitlab.com/acme/app"));
    }
}
