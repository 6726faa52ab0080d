using System.Text.Json;
using AiCd.Testing.Models;

namespace AiCd.Host.Tests.EndToEnd;

public sealed class ModelAgentRunTests
{
    private static readonly object Plan = new
    {
        summary = "Add instead of multiplying",
        steps = new[] { "Mend sum.sh" },
        files = new[] { "sum.sh" },
        risks = Array.Empty<string>(),
        test_strategy = "bash test.sh",
    };

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("anthropic")]
    [InlineData("openai")]
    public async Task An_issue_is_planned_coded_rejected_mended_and_approved_and_the_figures_add_up(string agent)
    {
        var reviews = 0;
        await using var bench = await ModelBench.StartAsync(agent, call => call.Stage switch
        {
            "plan" => call.Turn == 0 ? ModelReply.Calls("view", new { path = "sum.sh" }, "v1") : ModelReply.Calls("submit", Plan, "s1"),
            "review" => Interlocked.Increment(ref reviews) == 1
                ? Review("REJECT", "Say what it does", new { path = "sum.sh", line = 1, severity = "MAJOR", text = "Add a comment" })
                : Review("APPROVE", "Good"),
            _ => Code(call),
        });

        var run = await Aicd.RunAsync(bench.Setup, bench.Run());

        run.ExitCode.ShouldBe(0, run.Errors + run.Output);
        var lines = RunLines.Parse(run.Output);
        lines.History.ShouldBe("QUEUED, PLANNING, CODING, REVIEWING, CODING, REVIEWING, PR_OPEN, COMPLETED");
        var head = lines.Result.GetProperty("pullRequest").GetProperty("headSha").GetString()!;
        (await bench.Bench.Repository.ReadFileAsync(head, "sum.sh", Cancelled)).ShouldBe("# Adds two numbers.\necho $(($1 + $2))\n");
        bench.Server.Calls.Where(call => call.Stage == "code").SelectMany(call => call.Results.Values).ShouldContain("failed\n[exit code 1]");
        bench.Server.Calls.Where(call => call.Stage == "code").SelectMany(call => call.Results.Values).ShouldContain("passed\n[exit code 0]");
        bench.Server.Calls.ShouldContain(call => call.FirstText.Contains("sum.sh:1 (MAJOR): Add a comment", StringComparison.Ordinal));

        var shown = await Aicd.RunAsync("show", lines.Job, "--data", bench.Bench.Data, "--json");
        using var json = JsonDocument.Parse(shown.Output);
        var usage = json.RootElement.GetProperty("usage");
        usage.GetProperty("inputTokens").GetInt64().ShouldBe(bench.Server.Billed.Sum(billed => billed.AllInput));
        usage.GetProperty("outputTokens").GetInt64().ShouldBe(bench.Server.Billed.Sum(billed => billed.Output));
        var (input, output) = agent == "anthropic" ? (4, 20) : (5, 30);
        usage.GetProperty("costMicros").GetInt64().ShouldBe(bench.Server.Billed.Sum(billed => (billed.Input * input) + (billed.Output * output)));
        (await Aicd.RunAsync("show", lines.Job, "--data", bench.Bench.Data)).Output.ShouldContain("Used");
        run.Output.ShouldNotContain(ModelServer.Key);
    }

    [Theory]
    [InlineData("anthropic")]
    [InlineData("openai")]
    public async Task A_stage_of_twenty_turns_that_is_killed_in_the_middle_buys_no_turn_twice(string agent)
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var never = new TaskCompletionSource();
        var killed = 0;
        await using var bench = await ModelBench.StartAsync(agent, call =>
        {
            if (call.Stage == "code" && call.Turn == 11 && Interlocked.Exchange(ref killed, 1) == 0)
            {
                reached.SetResult();
                return new ModelReply.Held(never.Task, ModelReply.Says("too late"));
            }

            return call.Stage switch
            {
                "plan" => ModelReply.Calls("submit", Plan, "s1"),
                "review" => Review("APPROVE", "Good"),
                _ when call.Turn < 18 => ModelReply.Calls("bash", new { command = $"echo {call.Turn} >> turns.txt" }, $"b{call.Turn}"),
                _ when call.Turn == 18 => ModelReply.Calls("edit", new { path = "sum.sh", old_text = "$1 * $2", new_text = "$1 + $2" }, "e1"),
                _ => ModelReply.Calls("submit", new { summary = "Mended", commit_message = "Mend sum" }, "s2"),
            };
        });
        string job;
        await using (var run = Aicd.Start(bench.Setup, bench.Run()))
        {
            await reached.Task.WaitAsync(Aicd.Patience, Cancelled);
            job = RunLines.Parse(run.Output).Job;
            await run.KillAsync(Cancelled);
        }

        var resumed = await Aicd.RunAsync(bench.Setup, bench.Bench.Resume(job));

        resumed.ExitCode.ShouldBe(0, resumed.Errors + resumed.Output);
        var turns = bench.Server.Calls.Where(call => call.Stage == "code").Select(call => call.Turn).ToList();
        turns.ShouldBe([.. Enumerable.Range(0, 12), .. Enumerable.Range(11, 9)]);
        var lines = RunLines.Parse(resumed.Output);
        lines.ShouldBeCompleted();
        var head = lines.Result.GetProperty("pullRequest").GetProperty("headSha").GetString()!;
        (await bench.Bench.Repository.ReadFileAsync(head, "turns.txt", Cancelled)).ShouldBe(string.Concat(Enumerable.Range(0, 18).Select(turn => $"{turn}\n")));
    }

    [Fact]
    public async Task A_job_without_money_waits_and_goes_on_when_its_budget_is_raised()
    {
        await using var bench = await ModelBench.StartAsync("anthropic", call => call.Stage switch
        {
            "plan" => ModelReply.Calls("submit", Plan, "s1"),
            "review" => Review("APPROVE", "Good"),
            _ => Code(call),
        });

        var run = await Aicd.RunAsync(bench.Setup.With("Budgets:PerJob", "0.1"), bench.Run());

        run.ExitCode.ShouldBe(1);
        var job = RunLines.Parse(run.Output).Job;
        run.Errors.ShouldContain($"aicd budget {job} USD");
        bench.Server.Calls.ShouldBeEmpty();
        (await Aicd.RunAsync(bench.Setup, "budget", job, "5", "--data", bench.Bench.Data)).ExitCode.ShouldBe(0);
        var resumed = await Aicd.RunAsync(bench.Setup.With("Budgets:PerJob", "0.1"), bench.Bench.Resume(job));
        resumed.ExitCode.ShouldBe(0, resumed.Errors + resumed.Output);
        RunLines.Parse(resumed.Output).ShouldBeCompleted();
    }

    private static ModelReply.Answer Code(ModelCall call)
    {
        var second = call.FirstText.Contains("This is round 2.", StringComparison.Ordinal);
        return (second, call.Turn) switch
        {
            (_, 0) => ModelReply.Calls("bash", new { command = "bash test.sh" }, "b1"),
            (false, 1) => ModelReply.Calls("edit", new { path = "sum.sh", old_text = "$1 * $2", new_text = "$1 + $2" }, "e1"),
            (true, 1) => ModelReply.Calls("edit", new { path = "sum.sh", old_text = "echo", new_text = "# Adds two numbers.\necho" }, "e1"),
            (_, 2) => ModelReply.Calls("bash", new { command = "bash test.sh" }, "b2"),
            _ => ModelReply.Calls("submit", new { summary = "Mended", commit_message = "Mend sum" }, "s1"),
        };
    }

    private static ModelReply.Answer Review(string verdict, string summary, params object[] comments) =>
        ModelReply.Calls("submit", new { verdict, summary, comments }, "s1");
}
