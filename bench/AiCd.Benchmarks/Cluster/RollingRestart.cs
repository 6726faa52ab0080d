using System.Diagnostics;
using AiCd.Actors.Jobs;
using AiCd.Actors.Runtime;
using AiCd.Benchmarks.Cluster.Audit;

namespace AiCd.Benchmarks.Cluster;

/// <summary>Three nodes are restarted in order, one after the other, under load: nobody may notice.</summary>
internal static class RollingRestart
{
    public static async Task<RollingResult> RunAsync(BenchCluster cluster, int jobsPerSecond, CancellationToken cancellationToken)
    {
        using var rolled = new CancellationTokenSource();
        var load = new Load(cluster);
        var driving = load.RunAsync(jobsPerSecond, rolled.Token, cancellationToken);
        var exits = new List<int>();
        var clock = Stopwatch.StartNew();
        foreach (var node in cluster.Nodes)
        {
            exits.Add(await node.StopAsync(cancellationToken));
            await node.StartAsync();
            await node.ReadyAsync(cancellationToken);
            await cluster.BalancedAsync(cluster.Nodes.Count, cancellationToken);
        }

        var seconds = clock.Elapsed.TotalSeconds;
        await rolled.CancelAsync();
        await driving;
        await cluster.DrainedAsync(cancellationToken);
        var audit = await cluster.AuditAsync(cancellationToken);
        var twice = cluster.Log.Lines.Where(line => line.Kind == NodeLineKinds.Started).GroupBy(line => (line.Job, line.Stage)).Count(stage => stage.Count() > 1);
        return new RollingResult(load.Jobs, load.Commands, seconds, load.Slowest.TotalMilliseconds, load.Failures, exits, twice, audit);
    }

    /// <summary>Submits jobs and gives them feedback, all through the gateway; each command must be applied at the first try.</summary>
    private sealed class Load(BenchCluster cluster)
    {
        private readonly Lock _lock = new();

        public int Jobs { get; private set; }

        public int Commands { get; private set; }

        public TimeSpan Slowest { get; private set; }

        public List<string> Failures { get; } = [];

        public async Task RunAsync(int jobsPerSecond, CancellationToken until, CancellationToken cancellationToken)
        {
            var driving = new List<Task>();
            using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1.0 / jobsPerSecond));
            while (!until.IsCancellationRequested)
            {
                await timer.WaitForNextTickAsync(cancellationToken);
                Jobs++;
                driving.Add(DriveAsync(new ScriptedJob(Jobs, Script.Plain), cancellationToken));
            }

            await Task.WhenAll(driving);
        }

        private async Task DriveAsync(ScriptedJob job, CancellationToken cancellationToken)
        {
            try
            {
                var submitted = await TimedAsync(cluster.Gateway.SubmitAsync(ClusterJobs.New(job), cancellationToken));
                Expect(submitted.Settled, $"submission {job.Number} was only accepted");
                var feedback = new JobCommand.AddFeedback("Mind the tests", "driver") { At = DateTimeOffset.FromUnixTimeMilliseconds(TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds()) };
                var heard = await TimedAsync(cluster.Gateway.SendAsync(submitted.Job, feedback, cancellationToken: cancellationToken));
                Expect(heard is CommandResult.Applied, $"feedback to {submitted.Job} was not applied: {heard}");
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                Expect(false, $"submission {job.Number}: {error.Message}");
            }
        }

        private async Task<T> TimedAsync<T>(Task<T> command)
        {
            var started = TimeProvider.System.GetTimestamp();
            var result = await command;
            lock (_lock)
            {
                Commands++;
                Slowest = TimeProvider.System.GetElapsedTime(started) is var elapsed && elapsed > Slowest ? elapsed : Slowest;
            }

            return result;
        }

        private void Expect(bool holds, string otherwise)
        {
            if (!holds)
            {
                lock (_lock)
                {
                    Failures.Add(otherwise);
                }
            }
        }
    }
}

/// <param name="SlowestCommandMs">The longest that any client waited for the outcome of a command.</param>
/// <param name="StagesRunTwice">Stages of a job whose work began more than once.</param>
internal sealed record RollingResult(
    int Jobs,
    int Commands,
    double Seconds,
    double SlowestCommandMs,
    IReadOnlyList<string> FailedCommands,
    IReadOnlyList<int> ExitCodes,
    int StagesRunTwice,
    AuditReport Audit)
{
    public bool Holds => FailedCommands.Count == 0 && ExitCodes.All(code => code == 0) && StagesRunTwice == 0 && Audit is { Interruptions.Count: 0, Violations.Count: 0 };
}
