using AiCd.Actors.Jobs;
using AiCd.Actors.Ports;
using AiCd.Agents.Mock;
using AiCd.Testing;
using Microsoft.Extensions.Options;

namespace AiCd.Agents.Tests.Mock;

public sealed class MockFailureTests : IDisposable
{
    private readonly MockStage _stage = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => _stage.Dispose();

    public static TheoryData<Stage> AgentStages => [Stage.Planning, Stage.Coding, Stage.Reviewing];

    [Theory]
    [MemberData(nameof(AgentStages))]
    public async Task So_many_attempts_of_a_stage_fail_and_then_one_succeeds(Stage stage)
    {
        var options = Failing(stage, 2);

        (await FaultOf(options, stage, attempt: 1)).ShouldBe(FaultKind.Transient);
        (await FaultOf(options, stage, attempt: 2)).ShouldBe(FaultKind.Transient);
        (await FaultOf(options, stage, attempt: 3)).ShouldBeNull();
    }

    [Theory]
    [MemberData(nameof(AgentStages))]
    public async Task A_stage_that_succeeded_once_does_not_fail_again_in_later_rounds(Stage stage) =>
        (await FaultOf(Failing(stage, 2), stage, attempt: 1, round: 2)).ShouldBeNull();

    [Theory]
    [MemberData(nameof(AgentStages))]
    public async Task A_stage_may_fail_for_ever(Stage stage) =>
        (await FaultOf(Failing(stage, MockAgentOptions.Always), stage, attempt: 99, round: 3)).ShouldBe(FaultKind.Transient);

    [Theory]
    [MemberData(nameof(AgentStages))]
    public async Task Failing_one_stage_leaves_the_others_alone(Stage stage)
    {
        foreach (var row in AgentStages.Where(row => row.Data != stage))
        {
            (await FaultOf(Failing(stage, MockAgentOptions.Always), row.Data, attempt: 1)).ShouldBeNull();
        }
    }

    [Fact]
    public async Task The_delay_passes_on_the_given_clock()
    {
        var time = new ManualTimeProvider();
        var agent = new MockAgent(Options.Create(new MockAgentOptions { Delay = TimeSpan.FromMinutes(5) }), time);
        var planning = agent.PlanAsync(_stage.Context(Stage.Planning), Cancelled);
        await time.WaitForTimerAsync(TimeSpan.FromMinutes(5), Cancelled);

        time.Advance(TimeSpan.FromMinutes(5) - TimeSpan.FromTicks(1));
        planning.IsCompleted.ShouldBeFalse();
        time.Advance(TimeSpan.FromTicks(1));

        (await planning).Steps.ShouldNotBeEmpty();
    }

    [Theory]
    [MemberData(nameof(AgentStages))]
    public async Task A_stage_can_be_cancelled_while_it_waits(Stage stage)
    {
        var time = new ManualTimeProvider();
        using var cancel = new CancellationTokenSource();
        var work = Run(new MockAgent(Options.Create(new MockAgentOptions { Delay = TimeSpan.FromHours(1) }), time), stage, 1, 1, cancel.Token);
        await time.WaitForTimersAsync(1, Cancelled);

        await cancel.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(work);
        time.ArmedTimers.ShouldBe(0);
    }

    private static MockAgentOptions Failing(Stage stage, int attempts) => new()
    {
        Delay = TimeSpan.Zero,
        FailPlanning = stage == Stage.Planning ? attempts : 0,
        FailCoding = stage == Stage.Coding ? attempts : 0,
        FailReview = stage == Stage.Reviewing ? attempts : 0,
    };

    private async Task<FaultKind?> FaultOf(MockAgentOptions options, Stage stage, int attempt, int round = 1)
    {
        try
        {
            await Run(MockStage.Agent(options), stage, attempt, round, Cancelled);
            return null;
        }
        catch (StageException fault)
        {
            fault.Code.ShouldBe("mock_failure");
            return fault.Kind;
        }
    }

    private Task Run(MockAgent agent, Stage stage, int attempt, int round, CancellationToken cancellationToken)
    {
        var context = _stage.Context(stage, attempt: attempt, round: round, subject: MockStage.Subject("diff --git a/x b/x\n"));
        return stage switch
        {
            Stage.Planning => agent.PlanAsync(context, cancellationToken),
            Stage.Coding => agent.CodeAsync(context, cancellationToken),
            _ => agent.ReviewAsync(context, cancellationToken),
        };
    }
}
