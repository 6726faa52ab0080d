using System.CommandLine;
using System.Text.Json;
using AiCd.Host.CommandLine;
using AiCd.Host.Commands.Inspecting;
using AiCd.Host.Output;
using AiCd.Web.Json;

namespace AiCd.Host.Commands.Operating;

/// <summary><c>aicd cluster</c>: nodes, leases, shards, pools, and how far the read models lag behind.</summary>
internal static class ClusterCommand
{
    public static Command Create(Screen screen) => new Command("cluster", "Look at nodes, leases, shards and pools")
    {
        View(screen, "show", "All of it in short", async (installation, interrupted) =>
        {
            var (cluster, pools) = (await installation.ClusterAsync(interrupted), await installation.PoolsAsync(interrupted));
            return (new ClusterSummary(cluster, pools), () => ClusterText.Write(cluster, pools));
        }),
        View(screen, "nodes", "The nodes that live, or have died without a word", async (installation, interrupted) =>
        {
            var cluster = await installation.ClusterAsync(interrupted);
            return (cluster.Nodes, () => ClusterText.WriteNodes(cluster));
        }),
        View(screen, "leases", "How long each node may go without renewing its lease", async (installation, interrupted) =>
        {
            var cluster = await installation.ClusterAsync(interrupted);
            return (cluster.Nodes.Select(node => new LeaseLine(node.Incarnation, node.Name, node.Alive, node.LeaseSeconds, node.Shards)), () => ClusterText.WriteLeases(cluster));
        }),
        View(screen, "shards", "Who owns which shard", async (installation, interrupted) =>
        {
            var cluster = await installation.ClusterAsync(interrupted);
            return (cluster.Shards, () => ClusterText.WriteShards(cluster.Shards));
        }),
        View(screen, "pools", "What each pool may do and does", async (installation, interrupted) =>
        {
            var pools = await installation.PoolsAsync(interrupted);
            return (pools, () => ClusterText.WritePools(pools));
        }),
        View(screen, "lag", "The shards whose events are not all in the read models", async (installation, interrupted) =>
        {
            var cluster = await installation.ClusterAsync(interrupted);
            var behind = cluster.Shards.Where(shard => shard.Head > shard.Projected).ToList();
            return (new LagSummary(cluster.Lag, [.. behind.Select(shard => new LagLine(shard.Shard, shard.Head, shard.Projected, shard.Head - shard.Projected))]), () => ClusterText.WriteLag(cluster.Lag, behind));
        }),
    }.WithExamples("aicd cluster show", "aicd cluster pools --json", "AiCd__Postgres='Host=db;Database=aicd;Username=aicd;Password=...' aicd cluster nodes");

    /// <param name="read">What programs get, and how people do.</param>
    private static Command View(Screen screen, string name, string description, Func<IInstallation, CancellationToken, Task<(object Line, Action Write)>> read)
    {
        var command = new Command(name, description) { JobArgument.Json, SharedOptions.Server, SharedOptions.Postgres };
        command.SetAction(async (arguments, interrupted) =>
        {
            await using var installation = await InstallationAccess.OpenAsync(screen, arguments, forChange: false, interrupted);
            var (line, write) = await read(installation, interrupted);
            if (arguments.GetValue(JobArgument.Json))
            {
                Screen.Line(JsonSerializer.Serialize(line, line.GetType(), WebJson.Options));
            }
            else
            {
                write();
            }

            return ExitCodes.Done;
        });
        return command.WithExamples($"aicd cluster {name}", $"aicd cluster {name} --json");
    }
}
