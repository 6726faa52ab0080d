using AiCd.Actors.Jobs.Payloads;
using AiCd.Actors.Ports;
using AiCd.Testing;
using AiCd.Testing.Models;

namespace AiCd.Agents.Tests.Models;

/// <summary>What was recorded from a server is given again without one.</summary>
public sealed class CassetteTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Agents => ["anthropic", "openai"];

    private string Cassette => Path.Combine(_folder.Location, "cassette.json");

    [Theory]
    [MemberData(nameof(Agents))]
    public async Task Replaying_gives_the_recorded_plan_and_asks_no_server(string agent)
    {
        PlanResult recorded;
        await using (var bench = await StartAsync(agent, "record", Scripts.View("sum.txt"), Scripts.SubmitPlan()))
        {
            bench.Write("sum.txt", "4\n");
            recorded = await bench.PlanAsync();
            bench.Server.Calls.Count.ShouldBe(2);
        }

        await using var replay = await StartAsync(agent, "replay", ModelReply.Says("not asked"));
        replay.Write("sum.txt", "4\n");

        (await replay.PlanAsync()).ShouldBeEquivalentTo(recorded);
        replay.Server.Calls.ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Agents))]
    public async Task A_cassette_holds_no_key_even_where_a_text_does(string agent)
    {
        await using var bench = await StartAsync(agent, "record", ModelReply.Says($"The key is {ModelServer.Key}."), Scripts.SubmitPlan());

        await bench.PlanAsync();

        var text = await File.ReadAllTextAsync(Cassette, TestContext.Current.CancellationToken);
        text.ShouldContain("The key is ***.");
        text.ShouldNotContain(ModelServer.Key);
    }

    [Theory]
    [MemberData(nameof(Agents))]
    public async Task A_request_that_was_not_recorded_ends_the_attempt_and_goes_nowhere(string agent)
    {
        await using (var bench = await StartAsync(agent, "record", Scripts.SubmitPlan()))
        {
            await bench.PlanAsync();
        }

        await using var replay = await StartAsync(agent, "replay", Scripts.SubmitCode());

        var error = await Should.ThrowAsync<StageException>(replay.CodeAsync());

        (error.Kind, error.Code).ShouldBe((FaultKind.Permanent, "not_recorded"));
        error.Message.ShouldContain("has no answer to this request");
        replay.Server.Calls.ShouldBeEmpty();
    }

    public void Dispose() => _folder.Dispose();

    private Task<StageBench> StartAsync(string agent, string mode, params ModelReply[] replies) =>
        StageBench.StartAsync(agent, StageBench.InTurn(replies), ("AICD_CASSETTE", mode), ("AICD_CASSETTE_FILE", Cassette));
}
