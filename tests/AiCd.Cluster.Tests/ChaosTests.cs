using AiCd.Benchmarks.Cluster.Chaos;

namespace AiCd.Cluster.Tests;

public sealed class ChaosTests
{
    private const int Jobs = 2_000;

    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(75);

    [Fact]
    public async Task Everything_holds_after_nodes_were_killed_stopped_and_paused_and_the_database_restarted()
    {
        var seed = Random.Shared.Next();
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");

        var result = await ChaosRun.RunAsync(Jobs, Duration, seed, TestContext.Current.CancellationToken);

        result.Audit.Violations.ShouldBeEmpty($"seed {seed}");
        (result.Acknowledged, result.Audit.Jobs).ShouldBe((Jobs, Jobs), $"seed {seed}");
        result.Audit.States.Keys.ShouldBe(["CANCELLED", "COMPLETED", "FAILED"], ignoreOrder: true, $"seed {seed}");

        // Without these the run would have proved nothing.
        result.Chaos.Kills.ShouldBePositive($"seed {seed}");
        result.Chaos.Stops.ShouldBePositive($"seed {seed}");
        result.Chaos.Pauses.ShouldBePositive($"seed {seed}");
        (result.Chaos.DatabaseRestarts, result.Chaos.DatabaseKills).ShouldBe((1, 1), $"seed {seed}");
        result.Audit.Replaced.ShouldBePositive($"seed {seed}");
    }
}
