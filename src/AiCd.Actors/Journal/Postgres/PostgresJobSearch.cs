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

    private static string Columns { get; } = string.Join(", ", PostgresJobRow.Columns.Split(", ").Select(column => "j." + column));

    public static NpgsqlBatchCommand List(string tenant, JobListQuery query)
    {
        if (query.Sort is JobSort.HighestPriority or JobSort.LowestPriority or JobSort.LastMoved or JobSort.FirstMoved)
        {
            return ListInOrder(tenant, query);
        }

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
        return search.Statement($"select {Columns} from {from} where {string.Join(" and ", search._conditions)} order by {order} limit {search.Value(query.Limit)}");
    }

    /// <summary>Orders that no search walks: where words or a label are asked for, what matches is found first and put in order afterwards.</summary>
    private static NpgsqlBatchCommand ListInOrder(string tenant, JobListQuery query)
    {
        var search = new PostgresJobSearch();
        var filter = query.Filter;
        var from = "jobs j";
        search.AddConditions("j", tenant, filter);
        if (filter.Repository is { } repository)
        {
            search._conditions.Add($"j.repository = {search.Value(repository)}");
        }

        if (Lexemes(filter) is { } lexemes)
        {
            from = $"aicd_match_jobs({search.Value(lexemes)}::tsquery) as f (id) join jobs j on j.id = f.id";
        }
        else if (filter.Repository is { } leads)
        {
            from = "job_search s join jobs j on j.tenant = s.tenant and j.id = s.id";
            search._conditions.Add($"s.tenant = {search.Value(tenant)} and s.repository = {search.Value(leads)}");
        }

        var (falls, limit) = (query.Sort is JobSort.HighestPriority or JobSort.LastMoved, search.Value(query.Limit));
        var byPriority = query.Sort is JobSort.HighestPriority or JobSort.LowestPriority;
        var after = query.After is not { } place ? null
            : $"{(falls ? '<' : '>')} ({(byPriority ? search.Value(place.Priority ?? 0) : search.AfterEnd(place))}, {search.Value(place.Job.Value)})";
        if (byPriority)
        {
            return search.Statement(Select("j.priority", ""));
        }

        var unfinished = search.Value(Enum.GetValues<JobState>().Where(state => !state.IsTerminal()).Select(WireNames.Of).ToArray());
        return search.Statement(
            $"select {PostgresJobRow.Columns} from (({Select("j.updated_at", $" and j.ended_at is null and j.state = any ({unfinished})")}) "
            + $"union all ({Select("j.ended_at", " and j.ended_at is not null")})) as j order by place {Direction()}, id {Direction()} limit {limit}");

        string Select(string key, string condition) =>
            $"select {Columns}, {key} as place from {from} where {string.Join(" and ", search._conditions)}{condition}{(after is null ? "" : $" and ({key}, j.id) {after}")} "
            + $"order by {key} {Direction()}, j.id {Direction()} limit {limit}";

        string Direction() => falls ? "desc" : "asc";
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
        if (Lexemes(filter) is not { } lexemes)
        {
            return null;
        }

        var range = JobIdRange.Of(filter);
        var asked = string.Join(
            ", ",
            Value(lexemes) + "::tsquery",
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

    /// <returns>What is asked for of the words that jobs are searched by, or null where nothing is.</returns>
    private static string? Lexemes(JobFilter filter) => filter.Label is null && filter.Words is not { Count: > 0 }
        ? null
        : string.Join(" & ", (filter.Words ?? []).Select(word => Quoted(word) + ":*").Concat(filter.Label is { } label ? [Quoted(JobWords.LexemeOfLabel(label))] : []));

    private string AfterEnd(JobPlace? after) => after is null ? "null" : Value(after.At?.UtcDateTime ?? DateTime.UnixEpoch);

    private string From(string tenant, JobFilter filter, string? found)
    {
        if (found is not null)
        {
            _conditions.Add($"j.tenant = {Value(tenant)}");
            return $"{found} as f (id) join jobs j on j.id = f.id";
        }

        AddConditions(filter.Repository is null ? "j" : "s", tenant, filter);
        if (filter.Repository is { } repository)
        {
            _conditions.Add($"s.repository = {Value(repository)}");
            return "job_search s join jobs j on j.tenant = s.tenant and j.id = s.id";
        }

        return "jobs j";
    }

    private void AddConditions(string leads, string tenant, JobFilter filter)
    {
        var range = JobIdRange.Of(filter);
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
