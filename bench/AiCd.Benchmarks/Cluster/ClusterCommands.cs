using System.CommandLine;
using AiCd.Benchmarks.Cluster.Chaos;
using AiCd.Benchmarks.Cluster.Node;
using AiCd.Testing;

namespace AiCd.Benchmarks.Cluster;

/// <summary>The measures that need node processes.</summary>
internal static class ClusterCommands
{
    private const string PrivateServer = "PostgreSQL, private, default settings, fsync on";

    public static void AddTo(RootCommand root, Option<string?> postgres, Option<bool> json)
    {
        root.Add(Failover(postgres, json));
        root.Add(Rolling(postgres, json));
        root.Add(Chaos(json));
        root.Add(Node());
    }

    private static Command Failover(Option<string?> postgres, Option<bool> json)
    {
        var jobs = new Option<int>("--jobs") { Description = "How many jobs are under way.", DefaultValueFactory = _ => 300 };
        var kills = new Option<int>("--kills") { Description = "How many nodes are killed, one after the other.", DefaultValueFactory = _ => 3 };
        var command = new Command("failover", "time from kill -9 of one of three nodes until all it was at work on runs elsewhere, with default leases") { jobs, kills };
        command.SetAction((parsed, token) => OnClusterAsync(
            parsed.GetValue(postgres),
            Cluster.Failover.Slow(new NodeSettings()),
            async cluster =>
            {
                var result = await Cluster.Failover.RunAsync(cluster, parsed.GetValue(jobs), parsed.GetValue(kills), token);
                Report.Print("failover", PrivateServer, result, parsed.GetValue(json));
                return result.WithinBound;
            },
            token));
        return command;
    }

    private static Command Rolling(Option<string?> postgres, Option<bool> json)
    {
        var rate = new Option<int>("--rate") { Description = "Jobs submitted per second.", DefaultValueFactory = _ => 50 };
        var command = new Command("rolling", "restart three nodes one after the other under load, with default leases") { rate };
        var settings = new NodeSettings { Delay = new(TimeSpan.FromMilliseconds(300), TimeSpan.FromMilliseconds(800)) };
        command.SetAction((parsed, token) => OnClusterAsync(
            parsed.GetValue(postgres),
            settings,
            async cluster =>
            {
                var result = await RollingRestart.RunAsync(cluster, parsed.GetValue(rate), token);
                Report.Print("rolling", PrivateServer, result, parsed.GetValue(json));
                return result.Holds;
            },
            token));
        return command;
    }

    private static Command Chaos(Option<bool> json)
    {
        var minutes = new Option<double>("--minutes") { Description = "How long nodes are killed, stopped and paused.", DefaultValueFactory = _ => 1 };
        var seed = new Option<int?>("--seed") { Description = "Repeats a run's deeds; by default another one each time." };
        var jobs = new Option<int?>("--jobs") { Description = "How many jobs; by default 1200 a minute." };
        var command = new Command("chaos", "three nodes and a database under random faults; checks afterwards all that must hold") { minutes, seed, jobs };
        command.SetAction(async (parsed, token) =>
        {
            var duration = TimeSpan.FromMinutes(parsed.GetValue(minutes));
            var chosen = parsed.GetValue(seed) ?? Random.Shared.Next();
            await Console.Error.WriteLineAsync($"seed {chosen}");
            var result = await ChaosRun.RunAsync(parsed.GetValue(jobs) ?? (int)Math.Ceiling(1_200 * duration.TotalMinutes), duration, chosen, token);
            Report.Print("chaos", PrivateServer, result, parsed.GetValue(json));
            return result.Holds ? 0 : 1;
        });
        return command;
    }

    /// <summary>For the measures themselves, which start it.</summary>
    private static Command Node()
    {
        var command = new Command("node", "a node of a cluster") { Hidden = true };
        command.SetAction((_, token) => NodeProgram.RunAsync(token));
        return command;
    }

    private static async Task<int> OnClusterAsync(
        string? postgres, NodeSettings settings, Func<BenchCluster, Task<bool>> run, CancellationToken cancellationToken)
    {
        await using var server = postgres is null ? await PostgresServer.StartOwnAsync(cancellationToken: cancellationToken) : null;
        var connection = postgres ?? (await server!.CreateDatabaseAsync(cancellationToken)).ConnectionString;
        await using var cluster = await BenchCluster.StartAsync(connection, nodes: 3, settings, cancellationToken);
        return await run(cluster) ? 0 : 1;
    }
}
