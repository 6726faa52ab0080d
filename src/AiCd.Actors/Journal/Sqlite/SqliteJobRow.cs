using AiCd.Actors.Jobs;
using AiCd.Actors.Projections;

namespace AiCd.Actors.Journal.Sqlite;

/// <summary>A row of the read model, both ways; <see cref="Columns"/> fixes the order of its fields.</summary>
internal static class SqliteJobRow
{
    public const string Columns =
        "id, tenant, state, seq, title, repository, base_branch, branch, agent, priority, attempt, round, "
        + "pull_request_number, pull_request_url, failure_code, failure_message, submitted_at, updated_at, "
        + "url, submitted_by, parent, parent_kind, label_lines, hold, budget_micros, cost_micros, ended_at, "
        + "planning_ms, coding_ms, reviewing_ms, pr_open_ms";

    private const string Upsert =
        $"insert into jobs ({Columns}, words) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, coalesce(?, '')) "
        + "on conflict do update set state = excluded.state, seq = excluded.seq, title = excluded.title, repository = excluded.repository, "
        + "base_branch = excluded.base_branch, branch = excluded.branch, agent = excluded.agent, priority = excluded.priority, "
        + "attempt = excluded.attempt, round = excluded.round, pull_request_number = excluded.pull_request_number, "
        + "pull_request_url = excluded.pull_request_url, failure_code = excluded.failure_code, failure_message = excluded.failure_message, "
        + "submitted_at = excluded.submitted_at, updated_at = excluded.updated_at, hold = excluded.hold, cost_micros = excluded.cost_micros, "
        + "ended_at = excluded.ended_at, planning_ms = excluded.planning_ms, coding_ms = excluded.coding_ms, reviewing_ms = excluded.reviewing_ms, "
        + "pr_open_ms = excluded.pr_open_ms, words = coalesce(?32, words), url = excluded.url, "
        + "submitted_by = excluded.submitted_by, parent = excluded.parent, parent_kind = excluded.parent_kind, label_lines = excluded.label_lines, "
        + "budget_micros = excluded.budget_micros";

    /// <param name="isFoundAnew">False where the words of the row that is there already stay.</param>
    public static void Write(SqliteSession session, JobView job, bool isFoundAnew) =>
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
            .Bind(19, job.Url)
            .Bind(20, job.By)
            .Bind(21, job.Parent?.Value)
            .Bind(22, job.ParentKind is { } kind ? WireNames.Of(kind) : null)
            .Bind(23, job.LabelLines)
            .Bind(24, job.Hold)
            .Bind(25, job.BudgetMicros)
            .Bind(26, job.CostMicros)
            .Bind(27, job.EndedAt?.ToUnixTimeMilliseconds())
            .Bind(28, job.Times.Planning)
            .Bind(29, job.Times.Coding)
            .Bind(30, job.Times.Reviewing)
            .Bind(31, job.Times.PrOpen)
            .Bind(32, isFoundAnew ? JobWords.LineOf(job) : null)
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
        DateTimeOffset.FromUnixTimeMilliseconds(row.Int64(17)))
    {
        Url = row.TextOrNull(18),
        By = row.TextOrNull(19),
        Parent = row.TextOrNull(20) is { } parent ? JobId.Parse(parent) : null,
        ParentKind = WireNames.TryParse<JobLinkKind>(row.TextOrNull(21), out var kind) ? kind : null,
        LabelLines = row.Text(22),
        Hold = row.TextOrNull(23),
        BudgetMicros = row.IsNull(24) ? null : row.Int64(24),
        CostMicros = row.Int64(25),
        EndedAt = row.IsNull(26) ? null : DateTimeOffset.FromUnixTimeMilliseconds(row.Int64(26)),
        Times = new StageTimes(row.Int64(27), row.Int64(28), row.Int64(29), row.Int64(30)),
    };
}
