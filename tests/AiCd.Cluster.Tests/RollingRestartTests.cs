using AiCd.Benchmarks.Cluster;
using AiCd.Benchmarks.Cluster.Node;

namespace AiCd.Cluster.Tests;

public sealed class RollingRestartTests : ClusterTestBase
{
    [Fact]
    public async Task Nodes_are_restarted_one_after_the_other_and_no_command_fails_and_no_stage_runs_twice()
    {
        var settings = new NodeSettings { Delay = new(TimeSpan.FromMilliseconds(300), TimeSpan.FromMilliseconds(800)) };
        await using var cluster = await StartAsync(nodes: 3, settings);

        var result = await RollingRestart.RunAsync(cluster, jobsPerSecond: 30, Token);

        result.FailedCommands.ShouldBeEmpty();
        result.ExitCodes.ShouldBe([0, 0, 0]);
        result.Audit.Violations.ShouldBeEmpty();
        result.Audit.Interruptions.ShouldBeEmpty();
        result.StagesRunTwice.ShouldBe(0);
        result.Audit.States.ShouldHaveSingleItem().ShouldBe(new("COMPLETED", result.Jobs));
        result.Jobs.ShouldBeGreaterThan(30);
    }
}
