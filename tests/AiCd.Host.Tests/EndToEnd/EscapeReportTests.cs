using AiCd.Testing.Models;

namespace AiCd.Host.Tests.EndToEnd;

/// <summary>A model whose tools try to leave the worktree: each is refused, and whoever reads the job's log sees it, also where the attempt comes to nothing.</summary>
public sealed class EscapeReportTests
{
    private static readonly string[] Outside = ["../../../../etc/shadow", "/etc/passwd", "src/../../outside.txt", ".git/hooks/pre-commit"];

    [Fact]
    public async Task Every_tool_call_that_tries_to_leave_is_refused_and_its_refusal_stands_in_the_transcript_of_the_failed_attempt()
    {
        ModelBench bench = null!;
        bench = await ModelBench.StartAsync("anthropic", call => (call.Stage, call.Turn) switch
        {
            ("plan", _) => ModelReply.Calls(
                "submit", new { summary = "Leave", steps = new[] { "Try" }, files = Array.Empty<string>(), risks = Array.Empty<string>(), test_strategy = "None" }, "s1"),
            (_, 0) => new ModelReply.Answer(
                Bash("b1", $"cat '{bench.Bench.Database}'"),
                Bash("b2", $"echo x > '{bench.Bench.Combine("outside.txt")}'"),
                Bash("b3", $"exec 3<> /dev/tcp/127.0.0.1/{new Uri(bench.Server.Url).Port}"),
                Bash("b4", $"ln -s '{bench.Bench.Data}' stolen"),
                ModelReply.Call("edit", new { path = ".aicd.yml", new_text = "test: 'true'\n" }, "e1")),
            (_, 1) => new ModelReply.Answer(
            [
                ModelReply.Call("view", new { path = "stolen/aicd.db" }, "v0"),
                .. Outside.Select((path, index) => ModelReply.Call("view", new { path }, $"v{index + 1}")),
                .. Outside.Select((path, index) => ModelReply.Call("edit", new { path, new_text = "x" }, $"e{index + 1}")),
                ModelReply.Call("search", new { pattern = "root", path = "/etc" }, "r1"),
            ]),
            _ => ModelReply.Says("I had better stop.") with { Stop = "refusal" },
        });
        await using var started = bench;

        var run = await Aicd.RunAsync(bench.Setup, bench.Run());

        run.ExitCode.ShouldBe(1, run.Errors + run.Output);
        var lines = RunLines.Parse(run.Output);
        lines.Result.GetProperty("failure").GetProperty("code").GetString().ShouldBe("model_refused");
        lines.Of("ATTEMPT_FAILED").ShouldHaveSingleItem().GetProperty("data").GetProperty("artifacts")[0].GetProperty("kind").GetString().ShouldBe("transcript");
        File.Exists(bench.Bench.Combine("outside.txt")).ShouldBeFalse();

        var logs = (await Aicd.RunAsync("logs", lines.Job, "--stage", "CODING", "--data", bench.Bench.Data)).Output;
        logs.ShouldContain("aicd.db: No such file or directory");
        logs.ShouldContain("outside.txt: No such file or directory");
        logs.ShouldContain("Connection refused");
        logs.ShouldContain("error: path: expected a path that may be changed, got '.aicd.yml', which is protected");
        logs.ShouldContain("error: path: expected a file or folder of the repository, got 'stolen/aicd.db', which is not there");
        foreach (var path in Outside)
        {
            logs.Split($"error: path: expected a path inside of the repository, relative to its root, got '{path}'").Length.ShouldBe(3, $"{path}, viewed and edited");
        }

        logs.ShouldContain("error: path: expected a path inside of the repository, relative to its root, got '/etc'");
        logs.ShouldContain("Given up: model_refused");
    }

    private static ReplyPart.ToolCall Bash(string id, string command) => ModelReply.Call("bash", new { command }, id);
}
