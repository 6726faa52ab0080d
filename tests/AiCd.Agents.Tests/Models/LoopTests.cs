using AiCd.Actors.Jobs;
using AiCd.Actors.Ports;
using AiCd.Testing.Models;

namespace AiCd.Agents.Tests.Models;

/// <summary>How the loop deals with models that go wrong, with people who speak up, and with crashes.</summary>
public sealed class LoopTests
{
    private static readonly ModelReply.Answer Invalid = ModelReply.Calls("submit", new { summary = "", steps = Array.Empty<string>(), files = "none" }, "s0");

    public static TheoryData<string> Agents => ["anthropic", "openai"];

    [Theory]
    [MemberData(nameof(Agents))]
    public async Task A_result_that_is_not_valid_may_be_mended_once(string agent)
    {
        await using var bench = await StageBench.StartAsync(agent, StageBench.InTurn(Invalid, Scripts.SubmitPlan()));

        await bench.PlanAsync();

        var said = bench.Server.Calls[1].Results["s0"];
        said.ShouldContain("summary: expected a text that is not empty, got \"\"");
        said.ShouldContain("files: expected a list, got \"none\"");
        said.ShouldContain("test_strategy: expected a text that is not empty, got nothing");
    }

    [Theory]
    [MemberData(nameof(Agents))]
    public async Task A_second_result_that_is_not_valid_ends_the_attempt_for_good(string agent)
    {
        await using var bench = await StageBench.StartAsync(agent, StageBench.InTurn(Invalid, Invalid, Scripts.SubmitPlan()));

        var error = await Should.ThrowAsync<StageException>(bench.PlanAsync());

        (error.Kind, error.Code).ShouldBe((FaultKind.Transient, "invalid_result"));
        bench.Record.Kinds[^1].ShouldBe("abandoned");

        bench.Record = bench.Record.Next();
        await bench.PlanAsync();
        bench.Server.Calls[2].Turn.ShouldBe(0, "the next attempt starts anew");
    }

    [Theory]
    [MemberData(nameof(Agents))]
    public async Task A_model_that_stops_without_a_result_is_reminded_once(string agent)
    {
        await using var bench = await StageBench.StartAsync(agent, StageBench.InTurn(ModelReply.Says("Done."), Scripts.SubmitPlan()));

        await bench.PlanAsync();

        bench.Server.Calls[1].LastText.ShouldContain("There is no result yet. Call submit");
    }

    [Theory]
    [MemberData(nameof(Agents))]
    public async Task Arguments_that_are_not_JSON_are_sent_back_and_not_for_ever(string agent)
    {
        var broken = ModelReply.Calls("view", "{\"path\": \"a", "v1");
        await using var bench = await StageBench.StartAsync(agent, StageBench.InTurn(broken, broken, Scripts.SubmitPlan()));

        await bench.PlanAsync();

        bench.Server.Calls[1].Results["v1"].ShouldContain("not a JSON object");

        await using var hopeless = await StageBench.StartAsync(agent, StageBench.InTurn(broken));
        (await Should.ThrowAsync<StageException>(hopeless.PlanAsync())).Code.ShouldBe("malformed_tool_calls");
        hopeless.Server.Calls.Count.ShouldBe(3);
    }

    [Theory]
    [MemberData(nameof(Agents))]
    public async Task An_answer_that_was_cut_off_is_told_so_and_not_for_ever(string agent)
    {
        var cut = ModelReply.Calls("edit", "{\"path\": \"a.txt\", \"new_te", "e1") with { Stop = "max_tokens" };
        await using var bench = await StageBench.StartAsync(
            agent, StageBench.InTurn(cut, ModelReply.Says("I was saying") with { Stop = "max_tokens" }, Scripts.SubmitCode()));

        await bench.CodeAsync();

        bench.Server.Calls[1].Results["e1"].ShouldContain("cut off in the middle of this call");
        bench.Server.Calls[2].LastText.ShouldContain("cut off at 16000 tokens");

        await using var hopeless = await StageBench.StartAsync(agent, StageBench.InTurn(cut));
        (await Should.ThrowAsync<StageException>(hopeless.CodeAsync())).Code.ShouldBe("truncated_output");
    }

    [Theory]
    [MemberData(nameof(Agents))]
    public async Task Turns_are_limited_and_the_model_is_warned(string agent)
    {
        var n = 0;
        await using var bench = await StageBench.StartAsync(
            agent, _ => Scripts.View("sum.txt", $"v{++n}"), ("AiCd:Agents:Anthropic:MaxTurns", "4"), ("AiCd:Agents:OpenAI:MaxTurns", "4"));
        bench.Write("sum.txt", "1\n");

        var error = await Should.ThrowAsync<StageException>(bench.PlanAsync());

        (error.Kind, error.Code).ShouldBe((FaultKind.Permanent, "too_many_turns"));
        bench.Server.Calls.Count.ShouldBe(4);
        bench.Server.Calls[3].LastText.ShouldContain("1 turns are left");
    }

    [Theory]
    [MemberData(nameof(Agents))]
    public async Task Feedback_reaches_the_next_turn(string agent)
    {
        StageBench bench = null!;
        bench = await StageBench.StartAsync(agent, call =>
        {
            if (call.Turn == 0)
            {
                bench.Record.Say("Mind negative numbers");
            }

            return call.Turn == 0 ? Scripts.View("sum.txt") : Scripts.SubmitCode();
        });
        await using (bench)
        {
            bench.Write("sum.txt", "1\n");

            await bench.CodeAsync();

            bench.Server.Calls[1].LastText.ShouldContain("Mind negative numbers");
        }
    }

    [Theory]
    [MemberData(nameof(Agents))]
    public async Task Feedback_that_comes_with_the_result_holds_it_back(string agent)
    {
        StageBench bench = null!;
        bench = await StageBench.StartAsync(agent, call =>
        {
            if (call.Turn == 0)
            {
                bench.Record.Say("One more thing");
            }

            return Scripts.SubmitCode($"s{call.Turn}");
        });
        await using (bench)
        {
            await bench.CodeAsync();

            bench.Server.Calls.Count.ShouldBe(2);
            bench.Server.Calls[1].LastText.ShouldContain("One more thing");
        }
    }

    [Theory]
    [MemberData(nameof(Agents))]
    public async Task A_conversation_goes_on_from_its_last_recorded_turn(string agent)
    {
        await using var bench = await StageBench.StartAsync(agent, StageBench.InTurn(
            Scripts.Bash("echo one >> log"), Scripts.Bash("echo two >> log", "b2"), new ModelReply.Error(529, "overloaded_error", "busy"),
            Scripts.Bash("cat log", "b3"), Scripts.SubmitCode()));
        await Should.ThrowAsync<StageException>(bench.CodeAsync());

        bench.Record = bench.Record.Next();
        await bench.CodeAsync();

        var calls = bench.Server.Calls;
        calls.Select(call => call.Turn).ShouldBe([0, 1, 2, 2, 3]);
        calls[3].Body.GetProperty("messages").GetRawText().ShouldBe(calls[2].Body.GetProperty("messages").GetRawText());
        calls[4].Results["b3"].ShouldBe("one\ntwo\n[exit code 0]");
        bench.Progress.Turns.Count(turn => turn.Role == "tool_call").ShouldBe(4, "the transcript tells of all turns");
    }

    [Theory]
    [MemberData(nameof(Agents))]
    public async Task Tools_that_a_crash_cut_off_are_not_run_blindly_again(string agent)
    {
        await using var bench = await StageBench.StartAsync(agent, StageBench.InTurn(
            new ModelReply.Answer(ModelReply.Call("bash", new { command = "echo one >> log" }, "b1"), ModelReply.Call("view", new { path = "sum.txt" }, "v1")),
            new ModelReply.Error(529, "overloaded_error", "busy"),
            Scripts.SubmitCode()));
        bench.Write("sum.txt", "1\n");
        await Should.ThrowAsync<StageException>(bench.CodeAsync());
        var untilAnswer = bench.Record.Recorded.TakeWhile(turn => turn.Kind != "results").Select(turn => turn.Json).ToList();

        bench.Record = new TestRecord { Turns = untilAnswer };
        await bench.CodeAsync();

        var last = bench.Server.Calls[^1];
        last.Turn.ShouldBe(1);
        last.Results["b1"].ShouldContain("may have been done, in part or not at all");
        last.Results["v1"].ShouldBe("     1\t1\n");
        bench.Read("log").ShouldBe("one\n");
    }

    [Theory]
    [MemberData(nameof(Agents))]
    public async Task A_result_that_was_bought_is_not_bought_again_unless_it_came_to_nothing_twice(string agent)
    {
        await using var bench = await StageBench.StartAsync(agent, StageBench.InTurn(Scripts.SubmitCode()));
        await bench.CodeAsync();

        bench.Record = bench.Record.Next();
        await bench.CodeAsync();
        bench.Server.Calls.Count.ShouldBe(1);

        bench.Record = bench.Record.Next();
        await bench.CodeAsync();
        bench.Server.Calls.Count.ShouldBe(2);
    }

    [Theory]
    [MemberData(nameof(Agents))]
    public async Task Another_base_is_another_conversation(string agent)
    {
        await using var bench = await StageBench.StartAsync(agent, StageBench.InTurn(Scripts.View("x"), new ModelReply.Error(529, "overloaded_error", "busy"), Scripts.SubmitCode()));
        await Should.ThrowAsync<StageException>(bench.CodeAsync());

        bench.Record = bench.Record.Next();
        await bench.CodeAsync(bench.Context(Stage.Coding) with { BaseSha = new string('d', 40) });

        bench.Server.Calls[2].Turn.ShouldBe(0);
    }

    [Theory]
    [MemberData(nameof(Agents))]
    public async Task Feedback_given_while_nobody_worked_is_told_first(string agent)
    {
        await using var bench = await StageBench.StartAsync(agent, StageBench.InTurn(Scripts.View("x"), new ModelReply.Error(529, "overloaded_error", "busy"), Scripts.SubmitCode()));
        await Should.ThrowAsync<StageException>(bench.CodeAsync());

        bench.Record = bench.Record.Next();
        await bench.CodeAsync(bench.Context(Stage.Coding, feedback: new ReviewFeedback(0, "Meanwhile: be quick", "a person", [])));

        bench.Server.Calls[2].Turn.ShouldBe(1);
        bench.Server.Calls[2].LastText.ShouldContain("Meanwhile: be quick");
    }

    [Theory]
    [MemberData(nameof(Agents))]
    public async Task A_conversation_that_outgrows_the_window_loses_old_results_first(string agent)
    {
        var section = agent == "anthropic" ? "AiCd:Agents:Anthropic" : "AiCd:Agents:OpenAI";
        await using var bench = await StageBench.StartAsync(
            agent,
            call => call.Turn < 8 ? Scripts.View("big.txt", $"v{call.Turn}") : Scripts.SubmitPlan(),
            ($"{section}:ContextWindow", "24000"), ($"{section}:MaxOutputTokens", "4000"));
        bench.Write("big.txt", string.Concat(Enumerable.Repeat("some line of text\n", 700)));

        await bench.PlanAsync();

        bench.Record.Kinds.ShouldContain("compacted");
        var last = bench.Server.Calls[^1];
        last.Body.GetRawText().Length.ShouldBeLessThan(24_000 * 4);
        last.Body.GetRawText().ShouldContain("were left out to save space");
        last.FirstText.ShouldContain("`sum` of 1 and 2 gives 4.");
    }

    [Theory]
    [MemberData(nameof(Agents))]
    public async Task A_window_that_turns_out_smaller_is_met_by_leaving_out_more(string agent)
    {
        var overflow = agent == "anthropic"
            ? new ModelReply.Error(400, "invalid_request_error", "prompt is too long: 9000 tokens > 8000 maximum")
            : new ModelReply.Error(400, "context_length_exceeded", "maximum context length is 8000 tokens");
        await using var bench = await StageBench.StartAsync(
            agent, call => call.Turn == 0 ? Scripts.View("big.txt") : call.Body.GetRawText().Contains("left out to save space", StringComparison.Ordinal) ? Scripts.SubmitPlan() : overflow);
        bench.Write("big.txt", string.Concat(Enumerable.Repeat("some line of text\n", 700)));

        // The only result is the last one, which goes last.
        await bench.PlanAsync();

        bench.Server.Calls.Count.ShouldBe(3);
        bench.Record.Kinds.ShouldContain("compacted");
    }
}
