using System.Text.Json;
using AiCd.Actors.Jobs;
using AiCd.Actors.Jobs.Payloads;
using AiCd.Actors.Ports;
using AiCd.Agents.Command;
using AiCd.Agents.Sandbox;
using AiCd.Agents.Tests.Mock;
using Microsoft.Extensions.Options;

namespace AiCd.Agents.Tests.Command;

/// <summary>Programs are scripts of bash in the node's real sandbox; each does what one agent might do, well or badly.</summary>
public sealed class CommandAgentTests : IDisposable
{
    private const string Plan = """{"contract":1,"plan":{"summary":"Do it","steps":["one","two"],"files":["a.txt"],"testStrategy":"run it"}}""";
    private const string Code = """{"contract":1,"code":{"commitMessage":"Fix it","summary":"Fixed","changes":[{"path":"b.txt","content":"b"}]}}""";

    private readonly MockStage _stage = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => _stage.Dispose();

    [Fact]
    public async Task The_program_reads_what_is_to_be_done_and_its_plan_is_taken()
    {
        using var agent = Agent($"cat > /tmp/in; cat /tmp/in >&2; echo '{Plan}'");
        var feedback = new ReviewFeedback(1, "Say more", "somebody", [new ReviewComment("a.txt", 3, CommentSeverity.Major, "wrong")]);

        var plan = await agent.Value.PlanAsync(_stage.Context(Stage.Planning, "A \"title\" $(x)", "Body\n", round: 2, attempt: 3, feedback: feedback), Cancelled);

        plan.Summary.ShouldBe("Do it");
        plan.Steps.ShouldBe(["one", "two"]);
        plan.Files.ShouldBe(["a.txt"]);
        plan.Risks.ShouldBeEmpty();
        plan.TestStrategy.ShouldBe("run it");
        using var request = JsonDocument.Parse(_stage.Progress.Turns.Single(turn => turn.Role == "user").Text);
        var root = request.RootElement;
        root.GetProperty("contract").GetInt32().ShouldBe(1);
        root.GetProperty("stage").GetString().ShouldBe("plan");
        root.GetProperty("issue").GetProperty("title").GetString().ShouldBe("A \"title\" $(x)");
        root.GetProperty("job").GetProperty("round").GetInt32().ShouldBe(2);
        root.GetProperty("job").GetProperty("attemptNumber").GetInt32().ShouldBe(3);
        root.GetProperty("feedback")[0].GetProperty("comments")[0].GetProperty("severity").GetString().ShouldBe("MAJOR");
        root.GetProperty("policy").GetProperty("protectedPaths").GetArrayLength().ShouldBe(0);
        _stage.Progress.Turns.Single(turn => turn.Role == "command").Text.ShouldContain("\"stage\":\"plan\"");
    }

    [Fact]
    public async Task While_coding_it_works_in_the_worktree_and_may_give_changes_too()
    {
        _stage.Write("a.txt", "1\n");
        using var agent = Agent($"echo 2 >> a.txt; echo working >&2; echo '{Code}'");

        var result = await agent.Value.CodeAsync(_stage.Context(Stage.Coding), Cancelled);

        (result.CommitMessage, result.Summary).ShouldBe(("Fix it", "Fixed"));
        result.Changes.ShouldBe([new FileChange("b.txt", "b")]);
        File.ReadAllText(Path.Combine(_stage.Worktree, "a.txt")).ShouldBe("1\n2\n");
        _stage.Progress.Reports.ShouldBe(["working"]);
    }

    [Fact]
    public async Task While_planning_and_reviewing_it_can_only_read()
    {
        _stage.Write("a.txt", "1\n");
        using var agent = Agent("""{ cat a.txt; echo 2 > a.txt; } >&2; echo '{"contract":1,"review":{"verdict":"REJECT","summary":"No","comments":[{"severity":"BLOCKER","text":"bad","path":"a.txt","line":1}]}}'""");

        var review = await agent.Value.ReviewAsync(_stage.Context(Stage.Reviewing, subject: MockStage.Subject("diff --git a/x b/x\n")), Cancelled);

        review.Verdict.ShouldBe(ReviewVerdict.Reject);
        review.Comments.ShouldBe([new ReviewComment("a.txt", 1, CommentSeverity.Blocker, "bad")]);
        File.ReadAllText(Path.Combine(_stage.Worktree, "a.txt")).ShouldBe("1\n");
        _stage.Progress.Turns.Single(turn => turn.Role == "command").Text.ShouldContain("Read-only file system");
        _stage.Progress.Turns.Single(turn => turn.Role == "user").Text.ShouldContain("diff --git");
    }

    [Theory]
    [InlineData("""echo 'not json'""", FaultKind.Transient, "command_malformed", "expected one JSON object")]
    [InlineData("""true""", FaultKind.Transient, "command_malformed", "expected one JSON object")]
    [InlineData("""echo null""", FaultKind.Transient, "command_malformed", "found null")]
    [InlineData("""echo '[]'""", FaultKind.Transient, "command_malformed", "expected one JSON object")]
    [InlineData("""echo '{"contract":2}'""", FaultKind.Transient, "command_malformed", "contract: expected 1, found 2")]
    [InlineData("""echo '{"plan":{"summary":"s","steps":["a"]}}'""", FaultKind.Transient, "command_malformed", "contract")]
    [InlineData("""echo '{"contract":1}'""", FaultKind.Transient, "command_malformed", "plan: expected this member or 'error'")]
    [InlineData("""echo '{"contract":1,"plan":{"summary":"s"}}'""", FaultKind.Transient, "command_malformed", "steps")]
    [InlineData("""echo '{"contract":1,"plan":{"summary":" ","steps":["a"]}}'""", FaultKind.Transient, "command_malformed", "plan.summary: expected a text")]
    [InlineData("""echo '{"contract":1,"plan":{"summary":"s","steps":[]}}'""", FaultKind.Transient, "command_malformed", "plan.steps: expected at least one")]
    [InlineData("""echo '{"contract":1,"plan":{"summary":"s","steps":["a"]}}'; echo more""", FaultKind.Transient, "command_malformed", "expected one JSON object")]
    [InlineData("""echo sorry >&2; exit 3""", FaultKind.Transient, "command_failed", "exit code 3: sorry")]
    [InlineData("""echo '{"contract":1,"plan":{"summary":"s","steps":["a"]}}'; exit 1""", FaultKind.Transient, "command_failed", "exit code 1")]
    [InlineData("""exec no-such-program""", FaultKind.Permanent, "command_not_found", "no-such-program")]
    [InlineData("""kill -9 $$""", FaultKind.Transient, "command_failed", "exit code 137")]
    [InlineData("""head -c 6000000 /dev/zero | tr '\0' x""", FaultKind.Transient, "command_output_too_large", "4194304")]
    [InlineData("""echo '{"contract":1,"error":{"kind":"permanent","message":"too hard"}}'""", FaultKind.Permanent, "command_error", "too hard")]
    [InlineData("""echo '{"contract":1,"error":{"kind":"credentials","message":"no key"}}'; exit 1""", FaultKind.Credentials, "command_error", "no key")]
    [InlineData("""echo '{"contract":1,"error":{"kind":"provider_down","message":"away","retryAfterSeconds":7}}'""", FaultKind.ProviderDown, "command_error", "away")]
    [InlineData("""echo '{"contract":1,"error":{"kind":"odd","message":"?"}}'""", FaultKind.Transient, "command_malformed", "error.kind: expected transient")]
    public async Task What_goes_wrong_is_told_apart(string script, FaultKind kind, string code, string message)
    {
        using var agent = Agent(script);

        var fault = await Should.ThrowAsync<StageException>(agent.Value.PlanAsync(_stage.Context(Stage.Planning), Cancelled));

        fault.Code.ShouldBe(code, fault.Message);
        fault.Kind.ShouldBe(kind);
        fault.Message.ShouldContain(message);
        fault.Message.Length.ShouldBeLessThan(3000);
        fault.RetryAfter.ShouldBe(kind == FaultKind.ProviderDown ? TimeSpan.FromSeconds(7) : null);
        fault.Provider.ShouldBe(kind == FaultKind.ProviderDown ? "command" : null);
    }

    [Fact]
    public async Task A_program_that_hangs_is_ended_at_its_timeout()
    {
        using var agent = Agent("sleep 1000 & sleep 1000", options => options.Timeout = TimeSpan.FromSeconds(1));

        var fault = await Should.ThrowAsync<StageException>(agent.Value.PlanAsync(_stage.Context(Stage.Planning), Cancelled));

        (fault.Kind, fault.Code).ShouldBe((FaultKind.Timeout, "command_timeout"));
    }

    [Fact]
    public async Task A_program_that_meets_a_limit_says_which()
    {
        using var agent = Agent("cat /dev/zero > big", sandbox: new SandboxOptions { FileMiB = 1 });

        var fault = await Should.ThrowAsync<StageException>(agent.Value.CodeAsync(_stage.Context(Stage.Coding), Cancelled));

        (fault.Kind, fault.Code).ShouldBe((FaultKind.Transient, "command_limit"));
        fault.Message.ShouldContain("a file grew beyond 1 MiB");
    }

    [Fact]
    public async Task Cancelling_ends_the_program()
    {
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        using var agent = Agent("echo up >&2; sleep 1000");
        _stage.Progress.OnReport = _ => cancel.Cancel();

        await Should.ThrowAsync<OperationCanceledException>(agent.Value.PlanAsync(_stage.Context(Stage.Planning), cancel.Token));
    }

    [Fact]
    public async Task Only_the_named_variables_reach_the_program_and_their_values_leave_it_nowhere()
    {
        Environment.SetEnvironmentVariable("AICD_TEST_KEY", "key-0123456789");
        Environment.SetEnvironmentVariable("AICD_TEST_OTHER", "other-0123456789");
        using var agent = Agent(
            """echo "$AICD_TEST_KEY" >&2; test -n "$AICD_TEST_KEY" -a -z "$AICD_TEST_OTHER" && echo "{\"contract\":1,\"plan\":{\"summary\":\"key is $AICD_TEST_KEY\",\"steps\":[\"a\"]}}" """,
            options => options.Environment.Add("AICD_TEST_KEY"));

        var plan = await agent.Value.PlanAsync(_stage.Context(Stage.Planning), Cancelled);

        plan.Summary.ShouldBe("key is ***");
        _stage.Progress.Reports.ShouldBe(["***"]);
        _stage.Progress.Turns.ShouldAllBe(turn => !turn.Text.Contains("0123456789"));
    }

    [Fact]
    public async Task Placeholders_are_filled_and_no_shell_reads_them()
    {
        using var agent = Agent(
            """printf '%s\n' "$@" >&2; echo '{"contract":1,"plan":{"summary":"s","steps":["a"]}}'""",
            options =>
            {
                options.Model = "m-1";
                foreach (var argument in new[] { "x", "{stage}/{round}", "--base={base}", "{model}", "{\"json\": {}}", "$(touch a)" })
                {
                    options.Arguments.Add(argument);
                }
            });

        await agent.Value.PlanAsync(_stage.Context(Stage.Planning), Cancelled);

        _stage.Progress.Reports.ShouldBe(["plan/1", "--base=main", "m-1", "$(touch a)"]);
        _stage.Progress.Turns.Single(turn => turn.Role == "command").Text.ShouldContain("{\"json\": {}}");
    }

    [Fact]
    public async Task Without_a_program_there_is_nothing_to_run()
    {
        using var agent = Agent("", options => options.Arguments.Clear());

        var fault = await Should.ThrowAsync<StageException>(agent.Value.PlanAsync(_stage.Context(Stage.Planning), Cancelled));

        (fault.Kind, fault.Code).ShouldBe((FaultKind.Permanent, "command_not_configured"));
        fault.Message.ShouldContain("AiCd:Agents:Command:Arguments");
    }

    [Theory]
    [InlineData("run {title}", "", "Arguments:0: expected a text with no other placeholders than {stage}, {job}")]
    [InlineData("", "", "Arguments:0: expected a text")]
    [InlineData("agent", "AiCd__Postgres", "Environment:0: expected the name of a variable")]
    [InlineData("agent", "KEY=value", "Environment:0: expected the name of a variable")]
    public void Settings_that_cannot_mean_anything_are_refused(string argument, string variable, string problem)
    {
        var options = new CommandAgentOptions { Arguments = [argument], Environment = variable.Length == 0 ? [] : [variable] };

        var results = options.Validate(new System.ComponentModel.DataAnnotations.ValidationContext(options)).ToList();

        var result = results.ShouldHaveSingleItem();
        $"{result.MemberNames.Single()}: {result.ErrorMessage}".ShouldStartWith(problem);
    }

    private static Owned Agent(string script, Action<CommandAgentOptions>? change = null, SandboxOptions? sandbox = null)
    {
        var options = new CommandAgentOptions { Arguments = { "bash", "-c", script } };
        change?.Invoke(options);
        var node = new NodeSandbox(Options.Create(sandbox ?? new SandboxOptions()), TimeProvider.System);
        return new Owned(new CommandAgent(node, new OpenPolicies(), Options.Create(options)), node);
    }

    private sealed record Owned(CommandAgent Value, NodeSandbox Sandbox) : IDisposable
    {
        public void Dispose() => Sandbox.Dispose();
    }
}
