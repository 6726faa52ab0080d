using System.Globalization;
using AiCd.Actors.Hosting;
using AiCd.Actors.Runtime;
using Microsoft.Extensions.Hosting;

namespace AiCd.Benchmarks.Cluster.Node;

/// <summary>
/// Reads <c>submit NUMBER SCRIPT</c> from standard input and says when a submission was acknowledged. A submission that fails is not
/// tried again here: whoever ordered it does so, here or elsewhere, under the same key.
/// </summary>
internal sealed class NodeOrders(EngineService engine, LineWriter lines, IHostApplicationLifetime lifetime) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        await engine.Started.WaitAsync(stoppingToken);
        if (engine.Node is not { } node)
        {
            return;
        }

        lines.Write(at => new NodeLine(NodeLineKinds.Ready, at, node.Incarnation));

        // Reading a pipe cannot be cancelled: whoever stops must not wait for it.
        await Task.Run(() => Obey(node, stoppingToken), stoppingToken).WaitAsync(stoppingToken);
        lifetime.StopApplication();
    }

    private void Obey(EngineNode node, CancellationToken stoppingToken)
    {
        while (Console.In.ReadLine() is { } order)
        {
            var parts = order.Split(' ');
            _ = SubmitAsync(node, new ScriptedJob(int.Parse(parts[1], CultureInfo.InvariantCulture), Enum.Parse<Script>(parts[2])), stoppingToken);
        }
    }

    private async Task SubmitAsync(EngineNode node, ScriptedJob job, CancellationToken cancellationToken)
    {
        try
        {
            // One that is only on its way may yet find its key taken: whoever ordered it orders it again, and hears which job it is.
            if (await node.Gateway.SubmitAsync(ClusterJobs.New(job), cancellationToken) is { Settled: true, Job: var id })
            {
                lines.Write(at => new NodeLine(NodeLineKinds.Submitted, at, Job: id.Value, Number: job.Number));
            }
        }
        catch (Exception error)
        {
            lines.Write(at => new NodeLine(NodeLineKinds.Log, at, Level: "Information", Text: $"Submission {job.Number} failed: {error.Message}"));
        }
    }
}
