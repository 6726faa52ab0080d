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

    /// <summary>Once all parameters are there.</summary>
    protected void Calls(string function) =>
        Command.CommandText = $"select {function}({string.Join(", ", Enumerable.Range(1, Command.Parameters.Count).Select(number => $"${number}"))})";
}
