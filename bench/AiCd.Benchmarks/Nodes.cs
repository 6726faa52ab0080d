using AiCd.Actors.Journal;
using AiCd.Actors.Runtime;
using AiCd.Actors.Stages;
using Microsoft.Extensions.Logging.Abstractions;

namespace AiCd.Benchmarks;

internal static class Nodes
{
    public static Task<EngineNode> StartAsync(IStore store, IStageWork work, CancellationToken cancellationToken, EngineOptions? options = null) =>
        EngineNode.StartAsync(
            store, work, options ?? BenchmarkJobs.WideOpen(), recover: true, TimeProvider.System, NullLogger<EngineNode>.Instance, cancellationToken);
}
