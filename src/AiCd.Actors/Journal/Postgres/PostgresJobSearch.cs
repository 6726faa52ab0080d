using AiCd.Actors.Jobs;
using AiCd.Actors.Projections;
using Npgsql;
using NpgsqlTypes;

namespace AiCd.Actors.Journal.Postgres;

/// <summary>Statements for lists of jobs, each text such that one index leads from page to page.</summary>
internal sealed class PostgresJobSearch
{
    private readonly List<NpgsqlParameter> _parameters = [];
    private readonly List<string> _conditions = [];

    public static NpgsqlBatchCommand List(string tenant, JobListQuery query)
    {
        var search = new PostgresJobSearch();
        var (key, order) = query.Sort switch
        {
            JobSort.Newest => ("j.id", "j.id desc"),
            JobSort.Oldest => ("j.id", "j.id"),
            _ => ("(j.ended_at, j.id)", "j.ended_at desc, j.id desc"),
        };
        var found = search.Found(tenant, query);
        var from = search.From(tenant, query.Filter, found);
        if (query.Sort == JobSort.LastEnded)
        {
            search._conditions.Add("j.ended_at is not null");
        }

        var leads = found is null && query is { Filter.Repository: not null, Sort: not JobSort.LastEnded } ? "s.id" : "j.id";
        if (query.After is { } after && found is null)
        {
            var place = query.Sort == JobSort.LastEnded
                ? $"({search.AfterEnd(after)}, {search.Value(after.Job.Value)})"
                : search.Value(after.Job.Value);
            search._conditions.Add($"{key.Replace("j.id", leads, StringComparison.Ordinal)} {(query.Sort == JobSort.Oldest ? '>' : '<')} {place}");
        }

        // The order is that of the table that leads, so that it comes from its index.
        order = order.Replace("j.id", leads, StringComparison.Ordinal);
        var columns = string.Join(", ", PostgresJobRow.Columns.Split(", ").Select(column => "j." + column));
        return search.Statement($"select {columns} from {from} where {string.Join(" and ", search._conditions)} order by {order} limit {search.Value(query.Limit)}");
    }

    public static NpgsqlBatchCommand Count(string tenant, JobFilter filter, int limit)
    {
        var search = new PostgresJobSearch();
        var found = search.Found(tenant, new JobListQuery(filter, JobSort.Newest, null, limit));
        var from = search.From(tenant, filter, found);
        return search.Statement($"select count(*) from (select 1 from {from} where {string.Join(" and ", search._conditions)} limit {search.Value(limit)}) as counted");
    }

    /// <returns>The call that finds jobs by words and label, or null where neither is asked for.</returns>
    private string? Found(string tenant, JobListQuery query)
    {
        var filter = query.Filter;
        if (filter.Label is null && filter.Words is not { Count: > 0 })
        {
            return null;
        }

        var range = JobIdRange.Of(filter);
        var lexemes = (filter.Words ?? []).Select(word => Quoted(word) + ":*").Concat(filter.Label is { } label ? [Quoted(JobWords.LexemeOfLabel(label))] : []);
        var asked = string.Join(
            ", ",
            Value(string.Join(" & ", lexemes)) + "::tsquery",
            Value(filter.States is { Count: > 0 } states ? states.Select(WireNames.Of).ToArray() : null),
            Value(filter.Repository),
            Value(filter.Hold),
            Value(range.From),
            Value(range.Below));
        var (ascending, after, limit) = (query.Sort == JobSort.Oldest, query.After?.Job.Value, Value(query.Limit));
        return query.Sort == JobSort.LastEnded
            ? $"aicd_find_ended_jobs({asked}, {AfterEnd(query.After)}, {Value(after ?? "")}, {limit})"
            : $"aicd_find_jobs({asked}, {Value(after ?? (ascending ? "" : "~"))}, {(ascending ? "true" : "false")}, {limit})";
    }

    private string AfterEnd(JobPlace? after) => after is null ? "null" : Value(after.EndedAt?.UtcDateTime ?? DateTime.UnixEpoch);

    private string From(string tenant, JobFilter filter, string? found)
    {
        if (found is not null)
        {
            _conditions.Add($"j.tenant = {Value(tenant)}");
            return $"{found} as f (id) join jobs j on j.id = f.id";
        }

        var range = JobIdRange.Of(filter);
        var leads = filter.Repository is null ? "j" : "s";
        _conditions.Add($"{leads}.tenant = {Value(tenant)} and {leads}.id >= {Value(range.From)} and {leads}.id < {Value(range.Below)}");
        if (filter.States is { Count: > 0 } states)
        {
            // One state alone has an index that is in the order of ids.
            _conditions.Add(states.Count == 1 ? $"j.state = {Value(WireNames.Of(states[0]))}" : $"j.state = any ({Value(states.Select(WireNames.Of).ToArray())})");
        }

        if (filter.Hold is { } hold)
        {
            _conditions.Add($"j.hold = {Value(hold)}");
        }

        if (filter.Repository is { } repository)
        {
            _conditions.Add($"s.repository = {Value(repository)}");
            return "job_search s join jobs j on j.tenant = s.tenant and j.id = s.id";
        }

        return "jobs j";
    }

    private static string Quoted(string lexeme) => "'" + lexeme.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "''", StringComparison.Ordinal) + "'";

    private string Value<T>(T value)
    {
        _parameters.Add(value switch
        {
            null when typeof(T) == typeof(string[]) => new NpgsqlParameter { Value = DBNull.Value, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text },
            null => new NpgsqlParameter { Value = DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text },
            _ => Sql.Value(value),
        });
        return $"${_parameters.Count}";
    }

    private NpgsqlBatchCommand Statement(string text) => Sql.Statement(text, [.. _parameters]);
}
