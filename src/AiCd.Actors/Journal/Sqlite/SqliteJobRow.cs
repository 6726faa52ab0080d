using AiCd.Actors.Jobs;
using AiCd.Actors.Projections;

namespace AiCd.Actors.Journal.Sqlite;

/// <summary>A row of the read model, both ways; <see cref="Columns"/> fixes the order of its fields.</summary>
internal static class SqliteJobRow
{
    public const string Columns =
        "id, tenant, state, seq, title, repository, base_branch, branch, agent, priority, attempt, round, "
        + "pull_request_number, pull_request_url, failure_code, failure_message, submitted_at, updated_at";

    private const string Upsert =
        $"insert into jobs ({Columns}) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
        + "on conflict do update set state = excluded.state, seq = excluded.seq, title = excluded.title, repository = excluded.repository, "
        + "base_branch = excluded.base_branch, branch = excluded.branch, agent = excluded.agent, priority = excluded.priority, "
        + "attempt = excluded.attempt, round = excluded.round, pull_request_number = excluded.pull_request_number, "
        + "pull_request_url = excluded.pull_request_url, failure_code = excluded.failure_code, failure_message = excluded.failure_message, "
        + "submitted_at = excluded.submitted_at, updated_at = excluded.updated_at";

    public static void Write(SqliteSession session, JobView job) =>
        session.Prepare(Upsert)
            .Bind(1, job.Id.Value)
            .Bind(2, job.Tenant)
            .Bind(3, WireNames.Of(job.State))
            .Bind(4, job.Seq)
            .Bind(5, job.Title)
            .Bind(6, job.Repository)
            .Bind(7, job.BaseBranch)
            .Bind(8, job.Branch)
            .Bind(9, job.Agent)
            .Bind(10, job.Priority)
            .Bind(11, job.Attempt)
            .Bind(12, job.Round)
            .Bind(13, job.PullRequestNumber)
            .Bind(14, job.PullRequestUrl)
            .Bind(15, job.FailureCode)
            .Bind(16, job.FailureMessage)
            .Bind(17, job.SubmittedAt.ToUnixTimeMilliseconds())
            .Bind(18, job.UpdatedAt.ToUnixTimeMilliseconds())
            .Run();

    public static JobView Read(SqliteStatement row) => new(
        JobId.Parse(row.Text(0)),
        row.Text(1),
        StoredJobState.Parse(row.Text(2)),
        row.Int32(3),
        row.Text(4),
        row.Text(5),
        row.Text(6),
        row.Text(7),
        row.Text(8),
        row.Int32(9),
        row.Int32(10),
        row.Int32(11),
        row.IsNull(12) ? null : row.Int32(12),
        row.TextOrNull(13),
        row.TextOrNull(14),
        row.TextOrNull(15),
        DateTimeOffset.FromUnixTimeMilliseconds(row.Int64(16)),
        DateTimeOffset.FromUnixTimeMilliseconds(row.Int64(17)));
}
