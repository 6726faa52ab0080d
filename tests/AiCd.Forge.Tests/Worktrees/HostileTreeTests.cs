using AiCd.Actors.Jobs.Payloads;
using AiCd.Actors.Ports;
using AiCd.Testing;

namespace AiCd.Forge.Tests.Worktrees;

/// <summary>What an agent may leave in its worktree, and must not get out of it.</summary>
public sealed class HostileTreeTests : IAsyncLifetime
{
    private readonly TestForge _forge = new();
    private GitRepository _source = null!;
    private IWorkspace _workspace = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _source = await GitRepository.CreateAsync(new Dictionary<string, string> { ["a"] = "1\n", [".gitignore"] = "ignored/\n" }, Cancel);
        _workspace = await _forge.OpenAsync(_source, TestForge.NewJob());
    }

    public async ValueTask DisposeAsync()
    {
        await _workspace.DisposeAsync();
        _source.Dispose();
        _forge.Dispose();
    }

    [Theory]
    [InlineData("git init -q .")]
    [InlineData("git init -q nested")]
    [InlineData("mkdir -p deep/er && git init -q deep/er/repository")]
    [InlineData("mkdir -p .GIT/hooks")]
    [InlineData("mkdir -p 'x/git~1'")]
    [InlineData("printf 'gitdir: /tmp/elsewhere' > .git")]
    [InlineData("mkdir x && printf 'gitdir: ../..' > x/.git")]
    [InlineData("ln -s /tmp .git")]
    [InlineData("mkdir x && ln -s ../.. x/.git")]
    [InlineData("mkdir \"$(printf '.g\\342\\200\\214it')\"")]
    public async Task A_git_directory_in_the_tree_is_refused(string command) =>
        (await RefusedAsync(command)).ShouldContain("git directory");

    [Theory]
    [InlineData("mkfifo p")]
    [InlineData("mkdir d && mkfifo d/p")]
    [InlineData("perl -e 'use IO::Socket::UNIX; IO::Socket::UNIX->new(Local => \"s\", Listen => 1)'")]
    [InlineData("mknod device c 1 3")]
    public async Task A_special_file_is_refused(string command) => (await RefusedAsync(command)).ShouldContain("special file");

    [Theory]
    [InlineData("ln -s /etc/passwd l")]
    [InlineData("ln -s ../../../../etc l")]
    [InlineData("mkdir d && ln -s ../.. d/l")]
    [InlineData("ln -s . here && ln -s here/../.. l")]
    [InlineData("ln -s \"$PWD/a\" l")]
    public async Task A_link_out_of_the_tree_is_refused(string command) => (await RefusedAsync(command)).ShouldContain("out of the repository");

    [Theory]
    [InlineData("touch 'con.txt'")]
    [InlineData("touch \"$(printf 'a\\nb')\"")]
    [InlineData("touch 'a\\b'")]
    [InlineData("touch 'a '")]
    [InlineData("touch 'c:x'")]
    [InlineData("touch \"$(printf 'a\\377b')\"")]
    [InlineData("touch gitmod~1")]
    public async Task A_name_that_leads_astray_is_refused(string command) => await RefusedAsync(command);

    [Theory]
    [InlineData("ext::sh -c touch% canary")]
    [InlineData("file:///etc")]
    [InlineData("/etc")]
    [InlineData("-u./canary")]
    [InlineData("git@github.com:a/b")]
    [InlineData("ssh://-oProxyCommand=x/y")]
    [InlineData("https::x")]
    public async Task A_submodule_with_an_odd_address_is_refused(string url) =>
        (await RefusedAsync($"printf '[submodule \"m\"]\\n\\tpath = m\\n\\turl = {url}\\n' > .gitmodules")).ShouldContain("address");

    [Theory]
    [InlineData("[submodule \"../m\"]\\n\\tpath = m\\n\\turl = https://example.com/m", "leads out")]
    [InlineData("[submodule \"m\"]\\n\\tpath = -m\\n\\turl = https://example.com/m", "puts a submodule")]
    [InlineData("[submodule \"m\"]\\n\\tpath = .git/m\\n\\turl = https://example.com/m", "puts a submodule")]
    [InlineData("[submodule \"m\"]\\n\\tupdate = !touch canary", "run a command")]
    [InlineData("[submodule", "cannot be read")]
    public async Task A_list_of_submodules_that_leads_astray_is_refused(string text, string reason) =>
        (await RefusedAsync($"printf '{text}\\n' > .gitmodules")).ShouldContain(reason);

    [Fact]
    public async Task A_list_of_submodules_that_is_a_link_is_refused()
    {
        Run("ln -s a .gitmodules");

        await Should.ThrowAsync<StageException>(() => _workspace.CommitAsync(TestForge.Result(), Cancel));
    }

    [Fact]
    public async Task Links_and_hard_links_inside_the_tree_are_committed()
    {
        Run("mkdir d && ln -s ../a d/l && ln a hard && ln -s d folder");

        var commit = await _workspace.CommitAsync(TestForge.Result(), Cancel);

        commit.Change.FilesChanged.ShouldBe(3);
        commit.Diff.ShouldContain("new file mode 120000");
    }

    [Fact]
    public async Task What_git_ignores_may_hold_anything_because_it_does_not_leave()
    {
        Run("mkdir -p ignored/venv && ln -s /usr/bin/env ignored/venv/python && git init -q ignored/clone && mkfifo ignored/p && echo 2 > a");

        var commit = await _workspace.CommitAsync(TestForge.Result(), Cancel);

        commit.Change.FilesChanged.ShouldBe(1);
    }

    [Fact]
    public async Task Odd_things_that_the_base_has_already_are_left_alone()
    {
        ProcessRunnerRun(_source.Location, "ln -s /etc/hostname out && touch 'aux.c' \"$(printf 'latin\\351')\" && git init -q m && cd m && git -c user.name=a -c user.email=b commit -q --allow-empty -m x");
        await _source.GitAsync(["-c", "advice.addEmbeddedRepo=false", "add", "--all"], Cancel);
        await _source.CommitAsync("Add odd things", Cancel);

        var commit = await _forge.CommitAsync(_source, TestForge.NewJob(), new FileChange("a", "2\n"));

        commit.Change.FilesChanged.ShouldBe(1);
        commit.Change.BaseSha.ShouldBe(await _source.ResolveAsync("main", Cancel));

        // .NET could not delete it.
        ProcessRunnerRun(_source.Location, "rm latin*");
    }

    [Fact]
    public async Task A_submodule_of_the_base_is_not_moved()
    {
        ProcessRunnerRun(_source.Location, "git init -q m && cd m && git -c user.name=a -c user.email=b commit -q --allow-empty -m x");
        await _source.GitAsync(["-c", "advice.addEmbeddedRepo=false", "add", "--all"], Cancel);
        await _source.CommitAsync("Add a submodule", Cancel);
        await using var workspace = await _forge.OpenAsync(_source, TestForge.NewJob());
        ProcessRunnerRun(workspace.Path, "git init -q m && cd m && git -c user.name=a -c user.email=b commit -q --allow-empty -m y");

        await Expect.PathRefusedAsync(() => workspace.CommitAsync(TestForge.Result(), Cancel));
    }

    [Fact]
    public async Task A_planted_link_does_not_let_a_change_out_of_the_tree()
    {
        using var outside = new TemporaryFolder();
        Run($"ln -s {outside.Location} out");

        await Expect.PathRefusedAsync(() => _workspace.CommitAsync(TestForge.Result(new FileChange("out/file", "x")), Cancel));

        Directory.EnumerateFileSystemEntries(outside.Location).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_change_cannot_name_a_path_outside_of_the_tree()
    {
        await Expect.PathRefusedAsync(() => _workspace.CommitAsync(TestForge.Result(new FileChange("../index", "x")), Cancel));
        await Expect.PathRefusedAsync(() => _workspace.CommitAsync(TestForge.Result(new FileChange(".git/hooks/post-commit", "x")), Cancel));
    }

    [Fact]
    public async Task A_change_cannot_hide_from_its_reviewer_by_attributes()
    {
        var commit = await _workspace.CommitAsync(
            TestForge.Result(new FileChange(".gitattributes", "* binary -diff\n"), new FileChange("backdoor.cs", "evil();\n")), Cancel);

        commit.Diff.ShouldContain("+evil();");
        commit.Change.Insertions.ShouldBe(2);
    }

    private async Task<string> RefusedAsync(string command)
    {
        Run(command);
        return (await Expect.PathRefusedAsync(() => _workspace.CommitAsync(TestForge.Result(new FileChange("b", "1")), Cancel))).Message;
    }

    private void Run(string command) => ProcessRunnerRun(_workspace.Path, command);

    private static void ProcessRunnerRun(string folder, string command) =>
        ProcessRunner.RunAsync(ProcessRunner.Command("sh", ["-c", command], GitRepository.Environment, folder), input: null, Cancel)
            .GetAwaiter().GetResult().EnsureSuccess();
}
