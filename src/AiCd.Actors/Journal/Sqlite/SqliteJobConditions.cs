using AiCd.Actors.Jobs;
using AiCd.Actors.Projections;

namespace AiCd.Actors.Journal.Sqlite;

/// <summary>The conditions of a filter, and the values that they name.</summary>
internal sealed class SqliteJobConditions
{
    private readonly List<string> _conditions = [];
    private readonly List<object> _values = [];

    public SqliteJobConditions(string tenant, JobFilter filter)
    {
        var range = JobIdRange.Of(filter);
        Add($"tenant = {Value(tenant)}");
        Add($"id >= {Value(range.From)} and id < {Value(range.Below)}");
        if (filter.States is { Count: > 0 } states)
        {
            Add($"state in ({string.Join(", ", states.Select(state => Value(WireNames.Of(state))))})");
        }

        if (filter.Repository is { } repository)
        {
            Add($"repository = {Value(repository)}");
        }

        if (filter.Hold is { } hold)
        {
            Add($"hold = {Value(hold)}");
        }

        if (filter.Label is { } label)
        {
            Add($"instr(char(10) || label_lines || char(10), char(10) || {Value(label)} || char(10)) > 0");
        }

        foreach (var word in filter.Words ?? [])
        {
            Add($"instr(words, ' ' || {Value(word)}) > 0");
        }
    }

    public string Text => string.Join(" and ", _conditions);

    public void Add(string condition) => _conditions.Add(condition);

    public string Value(object value)
    {
        _values.Add(value);
        return $"?{_values.Count}";
    }

    public SqliteStatement Prepare(SqliteSession session, string sql)
    {
        var statement = session.Prepare(sql);
        for (var i = 0; i < _values.Count; i++)
        {
            _ = _values[i] is long number ? statement.Bind(i + 1, number) : statement.Bind(i + 1, (string)_values[i]);
        }

        return statement;
    }
}
