using AiCd.Actors.Ports;
using AiCd.Agents.Sandbox;
using AiCd.Testing;

namespace AiCd.Agents.Tests.Sandbox;

public sealed class SandboxRunTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static TheoryData<Node> Nodes => Jail.Nodes;

    [Theory]
    [MemberData(nameof(Nodes))]
    public async Task A_command_works_in_the_worktree_and_its_result_is_told(Node node)
    {
        using var jail = new Jail(node);
        jail.Write("sub/a.txt", "one\n");
        var lines = new List<string>();

        var result = await jail.RunAsync(new SandboxCommand
        {
            Worktree = jail.Worktree,
            Arguments = ["bash", "-c", "read line; echo \"$line $GIVEN $PWD\"; cat a.txt; echo bad >&2; echo two >> a.txt; printf end; exit 3"],
            WorkingFolder = "sub",
            Input = "input\n",
            Environment = new Dictionary<string, string> { ["GIVEN"] = "given" },
            OnLine = line =>
            {
                lock (lines)
                {
                    lines.Add(line);
                }
            },
        });

        result.ShouldSatisfyAllConditions(
            () => result.ExitCode.ShouldBe(3),
            () => result.End.ShouldBe(SandboxEnd.Exited),
            () => result.StandardOutput.ShouldBe("input given /work/sub\none\nend"),
            () => result.Output.ShouldContain("bad\n"),
            () => result.OutputCut.ShouldBeFalse(),
            () => result.Note.ShouldBeNull());
        lines.ShouldBe(["input given /work/sub", "one", "bad", "end"], ignoreOrder: true);
        (await File.ReadAllTextAsync(Path.Combine(jail.Worktree, "sub", "a.txt"), Cancelled)).ShouldBe("one\ntwo\n");
    }

    [Theory]
    [MemberData(nameof(Nodes))]
    public async Task A_timeout_ends_the_whole_tree(Node node)
    {
        using var jail = new Jail(node);

        var result = await jail.BashAsync("(setsid bash -c 'while :; do date +%N > alive; done' &) ; echo started; sleep 1000", command => command with { Timeout = TimeSpan.FromSeconds(2) });

        result.End.ShouldBe(SandboxEnd.TimedOut);
        result.ExitCode.ShouldBe(137);
        result.Output.ShouldBe("started\n");
        result.Note!.ShouldContain("00:00:02");
        ShouldBeDead(jail);
    }

    [Theory]
    [MemberData(nameof(Nodes))]
    public async Task Cancelling_ends_the_whole_tree(Node node)
    {
        using var jail = new Jail(node);
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        var command = SandboxCommand.Shell(jail.Worktree, "(setsid bash -c 'echo up; while :; do date +%N > alive; done' &) ; sleep 1000") with { OnLine = _ => cancel.Cancel() };

        await Should.ThrowAsync<OperationCanceledException>(jail.RunAsync(command, cancellationToken: cancel.Token));

        ShouldBeDead(jail);
    }

    [Theory]
    [MemberData(nameof(Nodes))]
    public async Task What_a_command_leaves_running_is_gone_when_its_result_is_there(Node node)
    {
        using var jail = new Jail(node);

        var result = await jail.BashAsync("(setsid bash -c 'while :; do date +%N > alive; done' > /dev/null 2>&1 &); while [ ! -s alive ]; do sleep 0.01; done; echo done");

        result.Output.ShouldBe("done\n");
        ShouldBeDead(jail);
    }

    [Fact]
    public async Task A_command_outlives_the_thread_that_asked_for_it()
    {
        using var jail = new Jail(Jail.Nodes.First().Data);
        Task<SandboxResult>? running = null;
        var thread = new Thread(() => running = jail.BashAsync("sleep 1; echo alive"));
        thread.Start();
        thread.Join();

        (await running!).Output.ShouldBe("alive\n");
    }

    [Theory]
    [MemberData(nameof(Nodes))]
    public async Task A_home_on_disk_is_shared_by_commands_and_one_in_memory_is_not(Node node)
    {
        using var jail = new Jail(node);
        var home = jail.NewFolder("home");

        await jail.BashAsync("echo 1 > ~/kept", command => command with { Home = home });
        await jail.BashAsync("echo 1 > ~/lost");

        (await jail.BashAsync("cat ~/kept", command => command with { Home = home })).Output.ShouldBe("1\n");
        (await jail.BashAsync("ls -A ~")).Output.ShouldBe("");
    }

    [Theory]
    [MemberData(nameof(Nodes))]
    public async Task Files_that_the_node_writes_between_commands_can_be_changed_by_the_next(Node node)
    {
        using var jail = new Jail(node);
        await jail.BashAsync("mkdir -m 700 d");
        jail.Write("d/f", "1\n");

        (await jail.BashAsync("echo 2 >> d/f && cat d/f")).Output.ShouldBe("1\n2\n");
    }

    [Theory]
    [MemberData(nameof(Nodes))]
    public async Task A_program_that_is_not_there_is_a_result(Node node)
    {
        using var jail = new Jail(node);

        var result = await jail.RunAsync(new SandboxCommand { Worktree = jail.Worktree, Arguments = ["no-such-program"] });

        result.ExitCode.ShouldBe(127);
        result.Output.ShouldContain("no-such-program");
    }

    [Fact]
    public async Task What_cannot_become_a_process_is_a_result_and_a_worktree_that_is_not_there_is_not()
    {
        using var jail = new Jail(Jail.Nodes.First().Data);

        (await jail.BashAsync(new string('x', 200_000))).Output.ShouldContain("longer than");
        (await jail.BashAsync("a\0b")).Output.ShouldContain("NUL");
        (await jail.BashAsync("true", command => command with { WorkingFolder = "../two" })).Output.ShouldContain("not a path relative");
        (await jail.BashAsync("true", command => command with { WorkingFolder = "none" })).Output.ShouldContain("no folder 'none'");
        (await jail.RunAsync(new SandboxCommand { Worktree = jail.Worktree, Arguments = [] })).ExitCode.ShouldBe(126);
        (await Should.ThrowAsync<StageException>(jail.BashAsync("true", command => command with { Worktree = "/nowhere" }))).Code.ShouldBe("worktree_missing");
    }

    [Fact]
    public async Task Output_that_is_no_text_does_no_harm()
    {
        using var jail = new Jail(Jail.Nodes.First().Data);

        var result = await jail.BashAsync("printf 'a\\377b\\360\\237'; sleep 0.05; printf '\\230\\200c'");

        result.Output.ShouldBe("a\uFFFDb\U0001F600c");
    }

    [Fact]
    public async Task Secrets_of_a_command_are_in_no_process_list()
    {
        using var jail = new Jail(Jail.Nodes.First().Data);
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        var seen = new TaskCompletionSource();
        var running = jail.RunAsync(
            SandboxCommand.Shell(jail.Worktree, "echo $KEY; sleep 1000") with
            {
                Environment = new Dictionary<string, string> { ["KEY"] = "key-of-the-command" },
                OnLine = line => seen.TrySetResult(),
            },
            cancellationToken: cancel.Token);
        await seen.Task.WaitAsync(Cancelled);

        var processes = await ProcessRunner.RunAsync("ps", ["-e", "-o", "args"], Cancelled);

        await cancel.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(running);
        processes.EnsureSuccess().Output.ShouldContain("sleep 1000");
        processes.Output.ShouldNotContain("key-of-the-command");
    }

    /// <summary>Nothing writes any more: what the file says now, it says for good.</summary>
    private static void ShouldBeDead(Jail jail)
    {
        var alive = Path.Combine(jail.Worktree, "alive");
        File.Exists(alive).ShouldBeTrue();
        File.SetUnixFileMode(jail.Worktree, (UnixFileMode)Convert.ToInt32("755", 8));
        var writers = Directory.EnumerateDirectories("/proc").Where(process => CommandLine(process).Contains("date +%N > alive", StringComparison.Ordinal) && CommandLine(process).StartsWith("bash", StringComparison.Ordinal));
        writers.Where(process => Path.Exists(Path.Combine(process, "root", "work", "alive"))).ShouldBeEmpty();
    }

    private static string CommandLine(string process)
    {
        try
        {
            return File.ReadAllText(Path.Combine(process, "cmdline")).Replace('\0', ' ');
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
