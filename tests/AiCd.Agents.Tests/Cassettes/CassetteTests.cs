using AiCd.Actors.Jobs.Payloads;
using AiCd.Actors.Ports;
using AiCd.Agents.Tests.Models;
using AiCd.Testing;
using AiCd.Testing.Models;

namespace AiCd.Agents.Tests.Cassettes;

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

    [Theory]
    [MemberData(nameof(Agents))]
    public async Task Silence_is_recorded_and_replayed_as_silence(string agent)
    {
        var time = new ManualTimeProvider();
        await using (var bench = await StartAsync(agent, time, "record", new ModelReply.Silence()))
        {
            var asking = bench.PlanAsync();
            await Eventually.HoldsAsync(() => bench.Server.Calls.Count == 1, TestContext.Current.CancellationToken);
            time.Advance(TimeSpan.FromHours(1));
            (await Should.ThrowAsync<StageException>(asking)).Code.ShouldBe("model_timeout");
        }

        File.ReadAllText(Cassette).ShouldContain("\"end\": \"silent\"");
        await using var replay = await StartAsync(agent, time, "replay", Scripts.SubmitPlan());
        var replaying = replay.PlanAsync();
        await Eventually.HoldsAsync(
            () =>
            {
                time.Advance(TimeSpan.FromHours(1));
                return replaying.IsCompleted;
            },
            TestContext.Current.CancellationToken);
        (await Should.ThrowAsync<StageException>(replaying)).Code.ShouldBe("model_timeout");
        replay.Server.Calls.ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Agents))]
    public async Task An_answer_that_breaks_off_is_recorded_and_replayed_as_far_as_it_came(string agent)
    {
        await using (var bench = await StartAsync(agent, "record", ModelReply.Says(new string('x', 500)) with { BreakAfter = 6 }))
        {
            (await Should.ThrowAsync<StageException>(bench.PlanAsync())).Code.ShouldBe("broken_answer");
        }

        File.ReadAllText(Cassette).ShouldContain("\"end\": \"broken\"");
        await using var replay = await StartAsync(agent, "replay", Scripts.SubmitPlan());
        (await Should.ThrowAsync<StageException>(replay.PlanAsync())).Code.ShouldBe("broken_answer");
        replay.Server.Calls.ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Agents))]
    public async Task A_request_that_was_cancelled_leaves_nothing_to_replay(string agent)
    {
        using var cancel = new CancellationTokenSource();
        await using var bench = await StageBench.StartAsync(
            agent,
            _ =>
            {
                cancel.Cancel();
                return new ModelReply.Silence();
            },
            ("AICD_CASSETTE", "record"),
            ("AICD_CASSETTE_FILE", Cassette));

        await Should.ThrowAsync<OperationCanceledException>(bench.PlanAsync(cancel.Token));

        File.Exists(Cassette).ShouldBeFalse();
    }

    [Fact]
    public async Task What_is_on_a_cassette_stays_on_it_when_more_is_recorded()
    {
        await using (var bench = await StartAsync("openai", "record", Scripts.SubmitPlan()))
        {
            await bench.PlanAsync();
        }

        await using (var bench = await StartAsync("openai", "record", Scripts.SubmitCode()))
        {
            await bench.CodeAsync();
        }

        await using var replay = await StartAsync("openai", "replay", ModelReply.Says("not asked"));
        await replay.PlanAsync();
        replay.Record = new TestRecord();
        await replay.CodeAsync();
        replay.Server.Calls.ShouldBeEmpty();
    }

    public void Dispose() => _folder.Dispose();

    private Task<StageBench> StartAsync(string agent, string mode, params ModelReply[] replies) => StartAsync(agent, TimeProvider.System, mode, replies);

    private Task<StageBench> StartAsync(string agent, TimeProvider time, string mode, params ModelReply[] replies) =>
        StageBench.StartAsync(agent, StageBench.InTurn(replies), time, ("AICD_CASSETTE", mode), ("AICD_CASSETTE_FILE", Cassette));
}
