using AiCd.Actors.Jobs;
using AiCd.Actors.Journal;
using AiCd.Actors.Journal.Postgres;
using Npgsql;

namespace AiCd.Benchmarks.Cluster.Audit;

/// <summary>What a run left, held against everything that must hold of it.</summary>
internal static class ClusterAudit
{
    public static async Task<AuditReport> RunAsync(PostgresStore store, ClusterLog log, CancellationToken cancellationToken)
    {
        var violations = new List<string>();
        var rows = await ReadJournalAsync(store.DataSource, cancellationToken);
        ShardRules.Check(rows, await store.Nodes.ReadAsync(cancellationToken), violations);

        var histories = rows.GroupBy(row => row.Job).Select(job => JobHistory.Read(job.Key, job, violations)).ToList();
        var leases = await Leases.ReadAsync(store.DataSource, cancellationToken);
        var attempts = new AttemptRules(leases, new AttemptLog(log.Lines), violations);
        histories.ForEach(attempts.Check);
        attempts.CheckLog();
        EndRules.Check(histories, log, violations);
        var forge = new ForgeRules(store.DataSource, leases, violations);
        await forge.CheckAsync(histories, cancellationToken);
        await ViewRules.CheckAsync(histories, store.Jobs, violations, cancellationToken);

        var states = histories.Select(history => history.Job).OfType<Job>().CountBy(job => WireNames.Of(job.State)).ToDictionary();
        var interruptions = histories.SelectMany(history => history.Steps.Select(step => step.Event).OfType<JobEvent.AttemptInterrupted>()
            .Select(cut => $"attempt {cut.AttemptId} of job {history.Id} at {cut.At:O}: {cut.Reason}")).ToList();
        return new AuditReport(histories.Count, rows.Count, states, interruptions, attempts.Replaced, forge.AskedTwice, violations);
    }

    private static async Task<List<JournalRow>> ReadJournalAsync(NpgsqlDataSource source, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand(
            "select shard, shard_seq, job_id, seq_nr, tenant, event, payload, recorded_at from journal order by job_id, seq_nr");
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<JournalRow>();
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(new JournalRow(
                reader.GetInt32(0), reader.GetInt64(1), JobId.Parse(reader.GetString(2)), reader.GetInt32(3), reader.GetString(4), reader.GetString(5),
                reader.GetFieldValue<byte[]>(6), reader.GetFieldValue<DateTimeOffset>(7)));
        }

        return rows;
    }
}

/// <param name="Interruptions">Attempts that a stop, a lost node or an unreachable forge cut short, and why.</param>
/// <param name="Replaced">Those of them whose node was gone.</param>
/// <param name="AskedTwice">Pull requests that a node asked for after its lease had ended, and that the forge refused or kept as the only one.</param>
internal sealed record AuditReport(
    int Jobs, int Events, IReadOnlyDictionary<string, int> States, IReadOnlyList<string> Interruptions, int Replaced, int AskedTwice, IReadOnlyList<string> Violations);
