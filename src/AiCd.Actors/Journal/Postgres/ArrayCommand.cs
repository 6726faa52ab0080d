using System.Collections;
using Npgsql;
using NpgsqlTypes;

namespace AiCd.Actors.Journal.Postgres;

/// <summary>
/// A call of a function whose parameters are arrays. The lists keep their memory from one call to the next, so that a row costs
/// no allocation. Used by one caller at a time.
/// </summary>
internal abstract class ArrayCommand
{
    private readonly List<IList> _lists = [];
    private int _called;

    public NpgsqlCommand Command { get; } = new();

    public void Clear()
    {
        foreach (var list in _lists)
        {
            list.Clear();
        }
    }

    protected NpgsqlParameter<string> Text()
    {
        var parameter = new NpgsqlParameter<string> { NpgsqlDbType = NpgsqlDbType.Text };
        Command.Parameters.Add(parameter);
        return parameter;
    }

    /// <summary>The next parameter: an array of the values that the list will hold.</summary>
    protected List<T> Array<T>(NpgsqlDbType type)
    {
        var list = new List<T>();
        _lists.Add(list);
        Command.Parameters.Add(new NpgsqlParameter<List<T>> { NpgsqlDbType = NpgsqlDbType.Array | type, TypedValue = list });
        return list;
    }

    /// <returns>The call of a function with all parameters that were made since the last one.</returns>
    protected string CallOf(string function)
    {
        var numbers = Enumerable.Range(_called + 1, Command.Parameters.Count - _called);
        _called = Command.Parameters.Count;
        return $"{function}({string.Join(", ", numbers.Select(number => $"${number}"))})";
    }

    /// <summary>All calls in one statement, which is one transaction.</summary>
    protected void Runs(params string[] calls) => Command.CommandText = $"select {string.Join(", ", calls)}";
}
