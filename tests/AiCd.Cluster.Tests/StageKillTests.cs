using AiCd.Actors.Jobs;
using AiCd.Benchmarks.Cluster;
using AiCd.Benchmarks.Cluster.Node;
using AiCd.Testing;

namespace AiCd.Cluster.Tests;

public sealed class StageKillTests : ClusterTestBase
{
    [Fact]
    public async Task A_node_is_killed_in_each_stage_and_the_other_one_finishes_the_job()
    {
        var settings = NodeSettings.Short with { Delay = new(TimeSpan.FromMilliseconds(10), TimeSpan.FromMilliseconds(20)) };
        await using var cluster = await StartAsync(nodes: 2, settings);
        foreach (var stage in Enum.GetValues<Stage>())
        {
            await KillInAsync(cluster, stage);
        }

        var audit = await cluster.AuditAsync(Token);
        audit.Violations.ShouldBeEmpty();
        audit.States.ShouldHaveSingleItem().ShouldBe(new("COMPLETED", 4));
        (audit.Interruptions.Count, audit.Replaced, audit.AskedTwice).ShouldBe((4, 4, 0));
        await AuditSeesWhatIsWrongAsync(cluster);
    }

    private async Task KillInAsync(BenchCluster cluster, Stage stage)
    {
        var submitted = await cluster.Gateway.SubmitAsync(ClusterJobs.New(new ScriptedJob((int)stage, ScriptedJob.Hold(stage))), Token);
        var started = await cluster.Log.WaitAsync(
            line => line.Kind == NodeLineKinds.Started && line.Job == submitted.Job.Value && line.Stage == WireNames.Of(stage), Patience, Token);
        if (stage == Stage.PrOpen)
        {
            // The worst moment: the pull request is there, and nobody has recorded it.
            await Eventually.HoldsAsync(() => QueryAsync<bool>($"select exists (select from forge_pulls where job_id = '{submitted.Job}')"), Token);
        }

        var victim = cluster.Nodes.Single(node => node.LastIncarnation == started.Incarnation);
        await victim.KillAsync(Token);
        await cluster.DrainedAsync(Token);

        await victim.StartAsync();
        await victim.ReadyAsync(Token);
        await cluster.BalancedAsync(nodes: 2, Token);
    }

    /// <summary>The audit that was content just now is shown one fault after the other.</summary>
    private async Task AuditSeesWhatIsWrongAsync(BenchCluster cluster)
    {
        await FindsAsync("update jobs set title = 'Another' where id = (select max(id) from jobs)", "the read model shows");
        await FindsAsync("delete from jobs where id = (select max(id) from jobs)", "the read model lacks job");
        await FindsAsync("update forge_pulls set head_sha = 'f00' where number = 1", "completed with 1 pull requests");
        await FindsAsync("insert into forge_openings (branch, job_id, attempt_id, incarnation, opened) select branch, job_id, 'again', incarnation, false from forge_pulls where number = 2; update lease_log set expires_at = 'infinity' where expires_at is not null; delete from lease_log where expires_at is null", "asked for a second pull request");
        await FindsAsync("delete from journal where seq_nr = 5 and job_id = (select min(job_id) from journal)", "event 6 follows event 4");

        async Task FindsAsync(string fault, string violation)
        {
            await QueryAsync<int>($"{fault}; select 1");
            (await cluster.AuditAsync(Token)).Violations.ShouldContain(found => found.Contains(violation, StringComparison.Ordinal));
        }
    }
}
