using System.CommandLine;
using System.Text.Json;
using AiCd.Host.CommandLine;
using AiCd.Host.Commands.Inspecting;
using AiCd.Host.Output;
using AiCd.Web.Json;
using AiCd.Web.Operations;

namespace AiCd.Host.Commands.Operating;

/// <summary><c>aicd drain</c>, <c>undrain</c> and <c>rebalance</c>: which nodes share the work.</summary>
internal static class NodeCommands
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(300);

    private static readonly Argument<string> Node = new("NODE") { Description = "A node's name or incarnation, as `aicd cluster nodes` shows them" };

    private static readonly Option<int> Wait = SharedOptions.WholeNumber("--wait", "SECONDS", 0, 3_600, 60, "How long to wait for it to be done");

    public static IEnumerable<Command> All(Screen screen) =>
    [
        Create(screen, "drain", "Take a node's shards away from it, until `aicd undrain`; what it runs it finishes", takesNode: true, async (installation, node, wait, interrupted) =>
        {
            await installation.DrainAsync(node, drained: true, interrupted);
            var cluster = await UntilAsync(installation, cluster => NodesOf(cluster, node).All(found => found.Shards == 0), wait, interrupted);
            if (!cluster.Nodes.Any(HasShare))
            {
                screen.Note("Note: no other node drives jobs; they stand still until one does");
            }

            return (cluster, NodesOf(cluster, node).All(found => found.Shards == 0));
        }).WithExamples("aicd drain worker-2", "aicd drain worker-2 --wait 300 --json"),
        Create(screen, "undrain", "Let a node take its share of the shards again", takesNode: true, async (installation, node, wait, interrupted) =>
        {
            await installation.DrainAsync(node, drained: false, interrupted);
            var cluster = await UntilAsync(installation, cluster => NodesOf(cluster, node).All(found => found.Shards > 0), wait, interrupted);
            return (cluster, NodesOf(cluster, node).All(found => found.Shards > 0));
        }).WithExamples("aicd undrain worker-2"),
        Create(screen, "rebalance", "Have every node take its share of the shards at once, and wait until they are shared evenly", takesNode: false, async (installation, _, wait, interrupted) =>
        {
            await installation.RebalanceAsync(interrupted);
            var cluster = await UntilAsync(installation, IsBalanced, wait, interrupted);
            return (cluster, IsBalanced(cluster));
        }).WithExamples("aicd rebalance", "aicd rebalance --json"),
    ];

    /// <param name="act">Gives the cluster as it is then, and whether that is what was asked for.</param>
    private static Command Create(
        Screen screen, string name, string description, bool takesNode, Func<IInstallation, string, TimeSpan, CancellationToken, Task<(ClusterResponse Cluster, bool Done)>> act)
    {
        var command = new Command(name, description) { Wait, JobArgument.Json, SharedOptions.Server, SharedOptions.Postgres };
        if (takesNode)
        {
            command.Add(Node);
        }

        command.SetAction(async (arguments, interrupted) =>
        {
            await using var installation = await InstallationAccess.OpenAsync(screen, arguments, forChange: true, interrupted);
            var (cluster, done) = await act(installation, takesNode ? arguments.GetValue(Node)! : "", TimeSpan.FromSeconds(arguments.GetValue(Wait)), interrupted);
            if (arguments.GetValue(JobArgument.Json))
            {
                Screen.Line(JsonSerializer.Serialize(cluster.Nodes, WebJson.Options));
            }
            else
            {
                ClusterText.WriteNodes(cluster);
            }

            if (!done)
            {
                screen.Note("aicd: it is not done yet; nodes go on with it");
            }

            return done ? ExitCodes.Done : ExitCodes.Refuted;
        });
        return command;
    }

    private static async Task<ClusterResponse> UntilAsync(IInstallation installation, Predicate<ClusterResponse> done, TimeSpan wait, CancellationToken interrupted)
    {
        var time = TimeProvider.System;
        for (var started = time.GetTimestamp(); ;)
        {
            var cluster = await installation.ClusterAsync(interrupted);
            if (done(cluster) || time.GetElapsedTime(started) >= wait)
            {
                return cluster;
            }

            await Task.Delay(Look, time, interrupted);
        }
    }

    /// <summary>Every shard is somebody's, and nobody has more than his share.</summary>
    private static bool IsBalanced(ClusterResponse cluster)
    {
        var sharing = cluster.Nodes.Where(HasShare).Select(node => node.Incarnation).ToHashSet();
        return sharing.Count == 0
            ? cluster.Shards.All(shard => shard.Owner is null)
            : cluster.Shards.All(shard => shard.Owner is { } owner && sharing.Contains(owner))
                && cluster.Nodes.All(node => node.Shards <= (cluster.Shards.Count + sharing.Count - 1) / sharing.Count);
    }

    private static IEnumerable<NodeDetails> NodesOf(ClusterResponse cluster, string node) =>
        cluster.Nodes.Where(found => found is { Alive: true, DrivesJobs: true } && (found.Name == node || found.Incarnation == node));

    private static bool HasShare(NodeDetails node) => node is { Alive: true, DrivesJobs: true, Drained: false };
}
