using AiCd.Actors.Jobs;
using AiCd.Actors.Projections;
using Npgsql;

namespace AiCd.Actors.Journal.Postgres;

/// <summary>A row of the read model as it is read; <see cref="Columns"/> fixes the order of its fields.</summary>
internal static class PostgresJobRow
{
    public const string Columns =
        "id, tenant, state, seq, title, repository, base_branch, branch, agent, priority, attempt, round, "
        + "pull_request_number, pull_request_url, failure_code, failure_message, submitted_at, updated_at, "
        + "url, submitted_by, parent, parent_kind, label_lines, hold, budget_micros, cost_micros, ended_at, "
        + "planning_ms, coding_ms, reviewing_ms, pr_open_ms";

    public static JobView Read(NpgsqlDataReader row) => new(
        JobId.Parse(row.GetString(0)),
        row.GetString(1),
        StoredJobState.Parse(row.GetString(2)),
        row.GetInt32(3),
        row.GetString(4),
        row.GetString(5),
        row.GetString(6),
        row.GetString(7),
        row.GetString(8),
        row.GetInt32(9),
        row.GetInt32(10),
        row.GetInt32(11),
        row.IsDBNull(12) ? null : row.GetInt32(12),
        Text(row, 13),
        Text(row, 14),
        Text(row, 15),
        new DateTimeOffset(row.GetDateTime(16)),
        new DateTimeOffset(row.GetDateTime(17)))
    {
        Url = Text(row, 18),
        By = Text(row, 19),
        Parent = Text(row, 20) is { } parent ? JobId.Parse(parent) : null,
        ParentKind = WireNames.TryParse<JobLinkKind>(Text(row, 21), out var kind) ? kind : null,
        LabelLines = row.GetString(22),
        Hold = Text(row, 23),
        BudgetMicros = row.IsDBNull(24) ? null : row.GetInt64(24),
        CostMicros = row.GetInt64(25),
        EndedAt = row.IsDBNull(26) ? null : new DateTimeOffset(row.GetDateTime(26)),
        Times = new StageTimes(row.GetInt64(27), row.GetInt64(28), row.GetInt64(29), row.GetInt64(30)),
    };

    private static string? Text(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}
