using System.Text.Json;
using AiCd.Actors.Ports;
using AiCd.Actors.Runtime.Supervision;
using AiCd.Agents.Cassettes;
using AiCd.Agents.Tests.Models;
using AiCd.Testing;
using AiCd.Testing.Models;

namespace AiCd.Agents.Tests.Cassettes;

/// <summary>The cassettes that were written from the references of the APIs. Those of whole jobs are replayed by the executable; those of errors here.</summary>
public sealed class HandwrittenCassetteTests
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "cassettes");

    public static TheoryData<string, string, FaultKind, string, Directive, int> Errors => new()
    {
        { "anthropic", "rate-limited", FaultKind.ProviderDown, "rate_limited", Directive.Escalate, 17 },
        { "anthropic", "overloaded", FaultKind.ProviderDown, "provider_overloaded", Directive.Escalate, 0 },
        { "anthropic", "overloaded-in-the-stream", FaultKind.ProviderDown, "provider_overloaded", Directive.Escalate, 0 },
        { "anthropic", "timeout", FaultKind.Transient, "model_timeout", Directive.Restart, 0 },
        { "anthropic", "timeout-in-the-stream", FaultKind.Transient, "model_timeout", Directive.Restart, 0 },
        { "anthropic", "broken-connection", FaultKind.Transient, "broken_answer", Directive.Restart, 0 },
        { "anthropic", "broken-answer", FaultKind.Transient, "broken_answer", Directive.Restart, 0 },
        { "anthropic", "context-overflow", FaultKind.Permanent, "context_overflow", Directive.Stop, 0 },
        { "anthropic", "refusal", FaultKind.Permanent, "model_refused", Directive.Stop, 0 },
        { "anthropic", "malformed-tool-call", FaultKind.Transient, "malformed_tool_calls", Directive.Restart, 0 },
        { "anthropic", "truncated-output", FaultKind.Transient, "truncated_output", Directive.Restart, 0 },
        { "anthropic", "authentication-failure", FaultKind.Credentials, "provider_credentials", Directive.Stop, 0 },
        { "openai", "rate-limited", FaultKind.ProviderDown, "rate_limited", Directive.Escalate, 17 },
        { "openai", "overloaded", FaultKind.ProviderDown, "provider_overloaded", Directive.Escalate, 0 },
        { "openai", "timeout", FaultKind.Transient, "model_timeout", Directive.Restart, 0 },
        { "openai", "timeout-in-the-stream", FaultKind.Transient, "model_timeout", Directive.Restart, 0 },
        { "openai", "broken-connection", FaultKind.Transient, "broken_answer", Directive.Restart, 0 },
        { "openai", "broken-answer", FaultKind.Transient, "broken_answer", Directive.Restart, 0 },
        { "openai", "context-overflow", FaultKind.Permanent, "context_overflow", Directive.Stop, 0 },
        { "openai", "refusal", FaultKind.Permanent, "model_refused", Directive.Stop, 0 },
        { "openai", "content-filter", FaultKind.Permanent, "model_refused", Directive.Stop, 0 },
        { "openai", "malformed-tool-call", FaultKind.Transient, "malformed_tool_calls", Directive.Restart, 0 },
        { "openai", "truncated-output", FaultKind.Transient, "truncated_output", Directive.Restart, 0 },
        { "openai", "authentication-failure", FaultKind.Credentials, "provider_credentials", Directive.Stop, 0 },
    };

    /// <param name="retryAfter">In seconds; 0 where the provider says nothing of it.</param>
    [Theory]
    [MemberData(nameof(Errors))]
    public async Task A_replayed_error_is_mapped_to_its_code_and_directive(
        string agent, string name, FaultKind kind, string code, Directive directive, int retryAfter)
    {
        var file = FileOf(agent, name);
        await using var bench = await ReplayAsync(agent, file, code == "model_timeout");

        var error = await Should.ThrowAsync<StageException>(bench.PlanAsync());

        (error.Kind, error.Code).ShouldBe((kind, code));
        SupervisorStrategy.For(error.Kind).ShouldBe(directive);
        error.RetryAfter.ShouldBe(retryAfter == 0 ? null : TimeSpan.FromSeconds(retryAfter));
        bench.Record.Reserved.Count.ShouldBe(Cassette.Load(file).Interactions.Count, "every answer was given");
        bench.Record.Settled.Count.ShouldBe(bench.Record.Reserved.Count);
        bench.Server.Calls.ShouldBeEmpty();
    }

    [Fact]
    public void Every_cassette_says_that_it_was_written_by_hand_and_every_error_has_its_expectation()
    {
        var files = Directory.EnumerateFiles(Folder, "*.json", SearchOption.AllDirectories).ToList();

        files.Select(file => Cassette.Load(file).Origin).ShouldAllBe(origin => origin.StartsWith("written by hand from the public reference of "));
        files.Where(file => file.Contains("/errors/", StringComparison.Ordinal)).ShouldBe(
            Errors.Select(row => FileOf(row.Data.Item1, row.Data.Item2)), ignoreOrder: true);
        files.Count.ShouldBe(Errors.Count + 6, "three samples by two providers");
    }

    [Fact]
    public async Task A_tool_that_says_something_else_is_no_longer_answered()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Combine("cassette.json");
        await File.WriteAllTextAsync(file, JsonSerializer.Serialize(ViewThatShows("4")), TestContext.Current.CancellationToken);
        await using var bench = await ReplayAsync("openai", file);
        bench.Write("sum.txt", "5\n");

        var error = await Should.ThrowAsync<StageException>(bench.PlanAsync());

        error.Code.ShouldBe("not_recorded");
        error.Message.ShouldContain("the next one on it differs at request.body.messages[3].content");
        bench.Record.Recorded.Count(turn => turn.Kind == "response").ShouldBe(1);
    }

    private static string FileOf(string agent, string name) => Path.Combine(Folder, agent, "errors", $"{name}.json");

    private static Task<StageBench> ReplayAsync(string agent, string file, bool silent = false) => StageBench.StartAsync(
        agent,
        StageBench.InTurn(ModelReply.Says("not asked")),
        [
            ("AICD_CASSETTE", "replay"),
            ("AICD_CASSETTE_FILE", file),
            .. silent ? ((string, string)[])[("AiCd:Agents:Anthropic:Timeout", "00:00:00.3"), ("AiCd:Agents:OpenAI:Timeout", "00:00:00.3")] : [],
        ]);

    private static object ViewThatShows(string content)
    {
        var call = new { index = 0, id = "call_1", type = "function", function = new { name = "view", arguments = """{"path":"sum.txt"}""" } };
        return new
        {
            origin = "written by this test",
            interactions = new object[]
            {
                new { request = new { path = "/v1/chat/completions" }, response = Answer(new { tool_calls = new[] { call } }, "tool_calls") },
                new
                {
                    request = new { body = new { messages = new object[] { "…", new { tool_call_id = "call_1", content = $"…\t{content}\n" } } } },
                    response = Answer(new { content = "Not reached" }, "stop"),
                },
            },
        };
    }

    private static object Answer(object delta, string finish)
    {
        var chunk = new { id = "chatcmpl-1", @object = "chat.completion.chunk", created = 1, model = "m", choices = new[] { new { index = 0, delta, finish_reason = finish } } };
        return new
        {
            status = 200,
            headers = new Dictionary<string, string> { ["content-type"] = "text/event-stream" },
            body = new[] { $"data: {JsonSerializer.Serialize(chunk)}", "", "data: [DONE]", "", "" },
        };
    }
}
