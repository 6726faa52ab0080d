using AiCd.Actors.Jobs.Payloads;
using AiCd.Actors.Ports;
using AiCd.Actors.Runtime.Supervision;
using AiCd.Testing.Models;

namespace AiCd.Agents.Tests.Models;

/// <summary>Everything that can go wrong between an agent and its model, and what the supervisor makes of it.</summary>
public sealed class FaultTests
{
    public static TheoryData<string, int, string, string, FaultKind, string, Directive> Statuses => new()
    {
        { "anthropic", 401, "authentication_error", "invalid x-api-key", FaultKind.Credentials, "provider_credentials", Directive.Stop },
        { "openai", 401, "invalid_api_key", "Incorrect API key", FaultKind.Credentials, "provider_credentials", Directive.Stop },
        { "anthropic", 403, "permission_error", "not allowed", FaultKind.Credentials, "provider_credentials", Directive.Stop },
        { "openai", 429, "insufficient_quota", "You exceeded your current quota", FaultKind.Credentials, "provider_quota", Directive.Stop },
        { "anthropic", 400, "invalid_request_error", "Your credit balance is too low", FaultKind.Credentials, "provider_quota", Directive.Stop },
        { "anthropic", 429, "rate_limit_error", "slow down", FaultKind.ProviderDown, "rate_limited", Directive.Escalate },
        { "openai", 429, "rate_limit_exceeded", "slow down", FaultKind.ProviderDown, "rate_limited", Directive.Escalate },
        { "anthropic", 529, "overloaded_error", "Overloaded", FaultKind.ProviderDown, "provider_overloaded", Directive.Escalate },
        { "anthropic", 500, "api_error", "Internal server error", FaultKind.ProviderDown, "provider_overloaded", Directive.Escalate },
        { "openai", 503, "server_error", "The engine is overloaded", FaultKind.ProviderDown, "provider_overloaded", Directive.Escalate },
        { "anthropic", 504, "timeout_error", "timed out", FaultKind.Transient, "model_timeout", Directive.Restart },
        { "anthropic", 404, "not_found_error", "model: no-such", FaultKind.Permanent, "unknown_model", Directive.Stop },
        { "openai", 404, "model_not_found", "no-such does not exist", FaultKind.Permanent, "unknown_model", Directive.Stop },
        { "anthropic", 400, "invalid_request_error", "messages: wrong", FaultKind.Permanent, "bad_request", Directive.Stop },
        { "openai", 400, "invalid_request_error", "wrong", FaultKind.Permanent, "bad_request", Directive.Stop },
        { "anthropic", 400, "invalid_request_error", "prompt is too long: 210000 tokens > 200000 maximum", FaultKind.Permanent, "context_overflow", Directive.Stop },
        { "openai", 400, "context_length_exceeded", "maximum context length is 8192 tokens", FaultKind.Permanent, "context_overflow", Directive.Stop },
        { "openai", 400, "content_filter", "content management policy", FaultKind.Permanent, "model_refused", Directive.Stop },
    };

    public static TheoryData<string> Agents => ["anthropic", "openai"];

    [Theory]
    [MemberData(nameof(Statuses))]
    public async Task An_error_status_is_mapped_to_a_directive_and_costs_nothing(
        string agent, int status, string type, string message, FaultKind kind, string code, Directive directive)
    {
        await using var bench = await StageBench.StartAsync(agent, StageBench.InTurn(new ModelReply.Error(status, type, message, TimeSpan.FromSeconds(17))));

        var error = await Should.ThrowAsync<StageException>(bench.PlanAsync());

        (error.Kind, error.Code).ShouldBe((kind, code));
        SupervisorStrategy.For(error.Kind).ShouldBe(directive);
        error.Message.ShouldContain(message);
        error.Message.ShouldContain(status.ToString(System.Globalization.CultureInfo.InvariantCulture));
        error.RetryAfter.ShouldBe(TimeSpan.FromSeconds(17));
        bench.Server.Calls.Count.ShouldBe(1, "the libraries try nothing twice");
        bench.Record.Settled.ShouldHaveSingleItem().Value.ShouldBe(Usage.None);
        error.ToString().ShouldNotContain(ModelServer.Key);
    }

    [Theory]
    [MemberData(nameof(Agents))]
    public async Task Silence_is_a_timeout_and_counts_as_spent(string agent)
    {
        await using var bench = await StageBench.StartAsync(
            agent, _ => new ModelReply.Silence(), ("AiCd:Agents:Anthropic:Timeout", "00:00:00.3"), ("AiCd:Agents:OpenAI:Timeout", "00:00:00.3"));

        var error = await Should.ThrowAsync<StageException>(bench.PlanAsync());

        (error.Kind, error.Code).ShouldBe((FaultKind.Transient, "model_timeout"));
        bench.Record.Spent.CostMicros.ShouldBe(bench.Record.Reserved.ShouldHaveSingleItem().Micros);
    }

    [Theory]
    [MemberData(nameof(Agents))]
    public async Task An_answer_that_breaks_off_is_tried_again_later_and_counts_as_spent(string agent)
    {
        await using var bench = await StageBench.StartAsync(agent, StageBench.InTurn(ModelReply.Says(new string('x', 500)) with { BreakAfter = 6 }));

        var error = await Should.ThrowAsync<StageException>(bench.PlanAsync());

        (error.Kind, error.Code).ShouldBe((FaultKind.Transient, "broken_answer"));
        bench.Record.Spent.CostMicros.ShouldBe(bench.Record.Reserved.ShouldHaveSingleItem().Micros);
        bench.Record.Kinds.ShouldBe(["start"]);
    }

    [Fact]
    public async Task An_error_within_a_stream_is_what_it_says()
    {
        await using var bench = await StageBench.StartAsync(
            "anthropic", StageBench.InTurn(ModelReply.Says("Well") with { StreamError = ("overloaded_error", "Overloaded") }));

        var error = await Should.ThrowAsync<StageException>(bench.PlanAsync());

        (error.Kind, error.Code).ShouldBe((FaultKind.ProviderDown, "provider_overloaded"));
    }

    [Fact]
    public async Task A_compatible_servers_error_within_a_stream_is_a_broken_answer()
    {
        await using var bench = await StageBench.StartAsync(
            "openai", StageBench.InTurn(ModelReply.Says("Well") with { StreamError = ("server_error", "out of memory") }));

        var error = await Should.ThrowAsync<StageException>(bench.PlanAsync());

        (error.Kind, error.Code).ShouldBe((FaultKind.Transient, "broken_answer"));
    }

    [Theory]
    [InlineData("anthropic")]
    [InlineData("openai")]
    public async Task Nobody_there_is_a_provider_that_is_down(string agent)
    {
        await using var bench = await StageBench.StartAsync(
            agent, _ => new ModelReply.Silence(), ("AiCd:Agents:Anthropic:BaseUrl", "http://127.0.0.1:1"), ("AiCd:Agents:OpenAI:BaseUrl", "http://127.0.0.1:1/v1"));

        var error = await Should.ThrowAsync<StageException>(bench.PlanAsync());

        (error.Kind, error.Code).ShouldBe((FaultKind.ProviderDown, "provider_unreachable"));
        bench.Record.Spent.ShouldBe(Usage.None);
    }

    [Theory]
    [InlineData("anthropic", "AiCd:Agents:Anthropic:ApiKey: expected a key, or the variable ANTHROPIC_API_KEY, got nothing")]
    [InlineData("openai", "AiCd:Agents:OpenAI:ApiKey: expected a key, or the variable OPENAI_API_KEY, got nothing")]
    public async Task A_missing_key_is_said_without_asking_anybody(string agent, string message)
    {
        await using var bench = await StageBench.StartAsync(
            agent,
            _ => new ModelReply.Silence(),
            ("AiCd:Agents:Anthropic:BaseUrl", ""), ("AiCd:Agents:Anthropic:ApiKey", ""), ("AiCd:Agents:OpenAI:BaseUrl", ""), ("AiCd:Agents:OpenAI:ApiKey", ""));

        var error = await Should.ThrowAsync<StageException>(bench.PlanAsync());

        (error.Kind, error.Message).ShouldBe((FaultKind.Credentials, message));
    }

    [Theory]
    [MemberData(nameof(Agents))]
    public async Task A_refusal_ends_the_job(string agent)
    {
        await using var bench = await StageBench.StartAsync(agent, StageBench.InTurn(ModelReply.Says("I cannot help with that.") with { Stop = "refusal" }));

        var error = await Should.ThrowAsync<StageException>(bench.PlanAsync());

        (error.Kind, error.Code).ShouldBe((FaultKind.Permanent, "model_refused"));
        error.Message.ShouldContain("I cannot help with that.");
    }

    [Theory]
    [MemberData(nameof(Agents))]
    public async Task A_fallback_is_asked_when_a_model_cannot_be_had_and_stays(string agent)
    {
        var (section, other) = agent == "anthropic" ? ("AiCd:Agents:Anthropic", "openai:gpt-5.4") : ("AiCd:Agents:OpenAI", "anthropic:claude-sonnet-5-5");
        await using var bench = await StageBench.StartAsync(
            agent,
            call => call.Model is "gpt-5.4" or "claude-sonnet-5-5"
                ? call.Turn == 0 ? Scripts.View("sum.txt") : Scripts.SubmitPlan()
                : new ModelReply.Error(503, "overloaded_error", "busy"),
            ($"{section}:Fallbacks:0", other));
        bench.Write("sum.txt", "1\n");

        await bench.PlanAsync();

        bench.Server.Calls.Select(call => call.Provider).ShouldBe(agent == "anthropic" ? ["anthropic", "openai", "openai"] : ["openai", "anthropic", "anthropic"]);
        bench.Record.Reserved.Count.ShouldBe(3);
    }

    [Theory]
    [MemberData(nameof(Agents))]
    public async Task A_key_that_is_refused_is_not_tried_elsewhere(string agent)
    {
        var section = agent == "anthropic" ? "AiCd:Agents:Anthropic" : "AiCd:Agents:OpenAI";
        await using var bench = await StageBench.StartAsync(
            agent, StageBench.InTurn(Scripts.SubmitPlan()), ($"{section}:ApiKey", "wrong"), ($"{section}:Fallbacks:0", "gpt-5.4"));

        (await Should.ThrowAsync<StageException>(bench.PlanAsync())).Kind.ShouldBe(FaultKind.Credentials);

        bench.Server.Calls.Count.ShouldBe(1);
    }

    [Theory]
    [MemberData(nameof(Agents))]
    public async Task Cancellation_ends_the_running_request(string agent)
    {
        using var cancel = new CancellationTokenSource();
        await using var bench = await StageBench.StartAsync(agent, _ =>
        {
            cancel.Cancel();
            return new ModelReply.Silence();
        });

        await Should.ThrowAsync<OperationCanceledException>(bench.PlanAsync(cancel.Token));

        bench.Record.Spent.CostMicros.ShouldBe(bench.Record.Reserved.ShouldHaveSingleItem().Micros);
    }

    [Theory]
    [MemberData(nameof(Agents))]
    public async Task Without_money_nobody_is_asked(string agent)
    {
        await using var bench = await StageBench.StartAsync(agent, StageBench.InTurn(Scripts.SubmitPlan()));
        bench.Record = new TestRecord { Budget = 10 };

        await Should.ThrowAsync<BudgetExhaustedException>(bench.PlanAsync());

        bench.Server.Calls.ShouldBeEmpty();
        bench.Record.Kinds.ShouldBe(["start"]);
    }
}
