using AiCd.Actors.Journal;
using AiCd.Actors.Runtime;
using AiCd.Actors.Stages;
using Microsoft.Extensions.Logging.Abstractions;

namespace AiCd.Actors.Tests.Engines;

/// <summary>The engine that this repository ships.</summary>
internal sealed class AiCdEngine : IEngine
{
    public async Task<INode> StartAsync(IStore store, IStageWork work, EngineOptions options, TimeProvider time)
    {
        var severed = new SeverableStore(store);
        var mortal = new MortalTime(time);
        var node = await EngineNode.StartAsync(
            severed, work, options, recover: true, mortal, NullLogger<EngineNode>.Instance, TestContext.Current.CancellationToken);
        return new Node(node, severed, mortal);
    }

    private sealed class Node(EngineNode node, SeverableStore store, MortalTime time) : INode
    {
        private readonly string _incarnation = node.Incarnation;
        private Task _end = Task.CompletedTask;

        public IJobGateway Gateway => node;

        public string Incarnation => store.IsSevered ? _incarnation : node.Incarnation;

        public bool IsReady => node.IsReady;

        public Task StopAsync(TimeSpan grace) => node.StopAsync(grace);

        public void Kill()
        {
            store.Sever();
            time.Rush();
            _end = Task.Run(async () => await node.DisposeAsync());
        }

        public async ValueTask DisposeAsync()
        {
            time.Rush();
            await _end;
            await node.DisposeAsync();
        }
    }
}
