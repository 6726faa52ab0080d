using Npgsql;

namespace AiCd.Actors.Journal.Postgres;

/// <summary>Statements with positional parameters, which the driver needs not parse.</summary>
internal static class Sql
{
    public static NpgsqlBatchCommand Statement(string text, params ReadOnlySpan<NpgsqlParameter> parameters)
    {
        var command = new NpgsqlBatchCommand(text);
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(parameter);
        }

        return command;
    }

    public static NpgsqlParameter<T> Value<T>(T value) => new() { TypedValue = value };
}
