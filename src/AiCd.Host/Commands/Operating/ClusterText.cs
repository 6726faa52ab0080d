using System.Globalization;
using AiCd.Actors.Jobs;
using AiCd.Host.Output;
using AiCd.Web.Operations;

namespace AiCd.Host.Commands.Operating;

/// <summary>Nodes, shards and pools as tables.</summary>
internal static class ClusterText
{
    public static void Write(ClusterResponse cluster, IReadOnlyList<PoolLine> pools)
    {
        var owned = cluster.Shards.Count(shard => shard.Owner is not null && cluster.Nodes.Any(node => node.Alive && node.Incarnation == shard.Owner));
        Screen.Line($"{"Store",-8} {(cluster.Shared ? "shared by the nodes of a cluster" : "of one node")}");
        Screen.Line($"{"Nodes",-8} {cluster.Nodes.Count(node => node.Alive)} alive of {cluster.Nodes.Count}");
        Screen.Line($"{"Shards",-8} {owned} owned of {cluster.Shards.Count}");
        Screen.Line(string.Create(CultureInfo.InvariantCulture, $"{"Events",-8} {cluster.Shards.Sum(shard => shard.Head)}, of which {cluster.Lag} are not in the read models yet"));
        if (cluster.Nodes.Count > 0)
        {
            Screen.Line("");
            WriteNodes(cluster);
        }

        Screen.Line("");
        WritePools(pools);
    }

    public static void WriteNodes(ClusterResponse cluster)
    {
        if (cluster.Nodes.Count == 0)
        {
            Screen.Line("No nodes");
            return;
        }

        Screen.Line($"{"NODE",-24}  {"STATE",-7}  {"DRIVES",-6}  {"SHARDS",6}  {"STARTED (UTC)",-16}  INCARNATION");
        foreach (var node in cluster.Nodes)
        {
            Screen.Line(string.Create(
                CultureInfo.InvariantCulture,
                $"{TerminalText.Line(node.Name, 24),-24}  {(!node.Alive ? "dead" : node.Drained ? "drained" : "alive"),-7}  {(node.DrivesJobs ? "yes" : "no"),-6}  {node.Shards,6}  {node.StartedAt.UtcDateTime:yyyy-MM-dd HH:mm}  {TerminalText.Line(node.Incarnation)}{(node.Incarnation == cluster.Self ? "  (asked)" : "")}"));
        }
    }

    public static void WriteLeases(ClusterResponse cluster)
    {
        if (cluster.Nodes.All(node => node.LeaseSeconds is null))
        {
            Screen.Line(cluster.Nodes.Count == 0 ? "No nodes" : "No leases: the node is alone with its store");
            return;
        }

        Screen.Line($"{"NODE",-24}  {"LEASE",10}  {"SHARDS",6}  INCARNATION");
        foreach (var node in cluster.Nodes)
        {
            Screen.Line(string.Create(
                CultureInfo.InvariantCulture,
                $"{TerminalText.Line(node.Name, 24),-24}  {(node.Alive ? string.Create(CultureInfo.InvariantCulture, $"{node.LeaseSeconds:0.0} s") : "expired"),10}  {node.Shards,6}  {TerminalText.Line(node.Incarnation)}"));
        }
    }

    public static void WriteShards(IReadOnlyList<ShardDetails> shards)
    {
        Screen.Line($"{"SHARD",5}  {"EPOCH",6}  {"EVENTS",8}  {"PROJECTED",9}  OWNER");
        foreach (var shard in shards)
        {
            Screen.Line(string.Create(
                CultureInfo.InvariantCulture, $"{shard.Shard,5}  {shard.Epoch,6}  {shard.Head,8}  {shard.Projected,9}  {TerminalText.Line(shard.Owner ?? "")}").TrimEnd());
        }
    }

    public static void WritePools(IReadOnlyList<PoolLine> pools)
    {
        Screen.Line($"{"POOL",-9}  {"STATE",-6}  {"CONCURRENCY",11}  {"RATE/s",8}  {"RUNNING",7}  {"WAITING",7}  {"DELAYED",7}  {"HELD",4}");
        foreach (var pool in pools)
        {
            Screen.Line(string.Create(
                CultureInfo.InvariantCulture,
                $"{WireNames.Of(pool.Stage),-9}  {(pool.Paused ? "paused" : "open"),-6}  {pool.Concurrency,11}  {pool.StartsPerSecond,8:0.##}  {pool.Running,7}  {pool.Waiting,7}  {pool.Delayed,7}  {pool.Held,4}").TrimEnd());
        }
    }

    public static void WriteLag(long lag, IReadOnlyList<ShardDetails> behind)
    {
        Screen.Line(string.Create(CultureInfo.InvariantCulture, $"{lag} events are not in the read models yet"));
        if (behind.Count > 0)
        {
            WriteShards(behind);
        }
    }
}

internal sealed record ClusterSummary(ClusterResponse Cluster, IReadOnlyList<PoolLine> Pools);

/// <param name="LeaseSeconds">Null where the store has one node and needs no leases.</param>
internal sealed record LeaseLine(string Incarnation, string Name, bool Alive, double? LeaseSeconds, int Shards);

internal sealed record LagSummary(long Lag, IReadOnlyList<LagLine> Shards);

internal sealed record LagLine(int Shard, long Head, long Projected, long Lag);
