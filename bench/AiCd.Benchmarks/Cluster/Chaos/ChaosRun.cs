using AiCd.Benchmarks.Cluster.Audit;
using AiCd.Benchmarks.Cluster.Node;
using AiCd.Testing;

namespace AiCd.Benchmarks.Cluster.Chaos;

/// <summary>Three nodes, jobs with delays, and everything that can go wrong; afterwards the whole of what must hold is checked.</summary>
internal static class ChaosRun
{
    public static async Task<ChaosResult> RunAsync(int jobs, TimeSpan duration, int seed, CancellationToken cancellationToken)
    {
        var started = TimeProvider.System.GetTimestamp();
        await using var server = await PostgresServer.StartOwnAsync(cancellationToken: cancellationToken);
        var database = await server.CreateDatabaseAsync(cancellationToken);
        await using var cluster = await BenchCluster.StartAsync(database.ConnectionString, nodes: 3, NodeSettings.Short, cancellationToken);
        using var driver = new SubmissionDriver(cluster, seed);
        var monkey = new ChaosMonkey(cluster, server, seed);

        // The last jobs are submitted while the monkey is still at work.
        var driving = driver.RunAsync(jobs, duration * 0.9, cancellationToken);
        await monkey.RunAsync(duration, cancellationToken);
        await driving;
        await cluster.DrainedAsync(cancellationToken);
        var report = await cluster.AuditAsync(cancellationToken);
        return new ChaosResult(
            seed,
            jobs,
            TimeProvider.System.GetElapsedTime(started).TotalSeconds,
            monkey.Counts,
            cluster.Log.Acknowledged.Count,
            driver.Retries,
            report with { Violations = [.. monkey.Violations, .. report.Violations] });
    }
}

/// <param name="Retries">Submissions and cancellations that their client had to try again.</param>
internal sealed record ChaosResult(int Seed, int Jobs, double Seconds, ChaosCounts Chaos, int Acknowledged, int Retries, AuditReport Audit)
{
    public bool Holds => Audit.Violations.Count == 0 && Acknowledged == Jobs && Audit.Jobs == Jobs;
}
