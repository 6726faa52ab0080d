using AiCd.Actors.Runtime;
using AiCd.Benchmarks.Cluster.Node;

namespace AiCd.Benchmarks.Cluster;

internal static class ClusterJobs
{
    public static NewJob New(ScriptedJob job) => new(
        "default",
        "/srv/repositories/parser",
        "main",
        job.Title,
        "`Parser.Parse(\"\")` throws an `IndexOutOfRangeException`.",
        ScriptedAgent.AgentName,
        IdempotencyKey: job.IdempotencyKey);
}
