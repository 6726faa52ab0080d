using AiCd.Benchmarks.Cluster;
using AiCd.Benchmarks.Cluster.Node;

namespace AiCd.Cluster.Tests;

public sealed class PausedNodeTests : ClusterTestBase
{
    private const int NodeJoined = 1001;

    [Fact]
    public async Task A_node_that_was_paused_beyond_its_lease_cannot_append_and_comes_back_as_another_one()
    {
        var settings = NodeSettings.Short with { Delay = new(TimeSpan.FromMilliseconds(200), TimeSpan.FromMilliseconds(400)) };
        await using var cluster = await StartAsync(nodes: 2, settings);
        var paused = cluster.Nodes[0];
        var incarnation = await paused.ReadyAsync(Token);

        // Paused with submissions in its writer and attempts under way: all of them go on the moment that it wakes.
        Submit(paused, 1, 200);
        await cluster.Log.WaitAsync(line => line.Kind == NodeLineKinds.Started && line.Incarnation == incarnation, Patience, Token);
        Submit(paused, 201, 400);
        await paused.PauseAsync(Token);
        await cluster.BalancedAsync(nodes: 1, Token);
        await Task.WhenAll(Enumerable.Range(401, 100).Select(number => cluster.Gateway.SubmitAsync(ClusterJobs.New(new ScriptedJob(number, Script.Plain)), Token)));
        var continuedAt = TimeProvider.System.GetUtcNow();
        await paused.ContinueAsync(Token);
        await cluster.Log.WaitAsync(
            line => line.EventId == NodeJoined && line.At > continuedAt && line.Text!.Contains(paused.Name, StringComparison.Ordinal), Patience, Token);

        await cluster.BalancedAsync(nodes: 2, Token);
        Submit(paused, 1, 400);
        for (var number = 1; number <= 400; number++)
        {
            await cluster.Log.WaitAsync(line => line.Kind == NodeLineKinds.Submitted && line.Number == number && line.At > continuedAt, Patience, Token);
        }

        await cluster.DrainedAsync(Token);
        var audit = await cluster.AuditAsync(Token);
        audit.Violations.ShouldBeEmpty();
        audit.Jobs.ShouldBe(500);
        audit.Replaced.ShouldBePositive();
        (await EventsAfterItsLeaseAsync(incarnation)).ShouldBe(0);
    }

    private static void Submit(ClusterNode node, int first, int last)
    {
        for (var number = first; number <= last; number++)
        {
            node.Submit(new ScriptedJob(number, Script.Plain)).ShouldBeTrue();
        }
    }

    private Task<long> EventsAfterItsLeaseAsync(string incarnation) => QueryAsync<long>($"""
        select count(*) from journal
        where position('{incarnation}' in convert_from(payload, 'UTF8')) > 0
        and recorded_at > (select max(expires_at) from lease_log where incarnation = '{incarnation}')
        """);
}
