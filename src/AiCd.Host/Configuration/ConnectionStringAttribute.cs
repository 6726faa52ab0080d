using System.ComponentModel.DataAnnotations;
using Npgsql;

namespace AiCd.Host.Configuration;

/// <summary>Accepts no text, or one that names a PostgreSQL server. What is wrong with it is not said, since that could repeat a password.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ConnectionStringAttribute : ValidationAttribute
{
    public override bool IsValid(object? value) => value is null or "" || (value is string text && NamesServer(text));

    private static bool NamesServer(string text)
    {
        try
        {
            return new NpgsqlConnectionStringBuilder(text) is { Host.Length: > 0, Database.Length: > 0 };
        }
        catch (Exception error) when (error is ArgumentException or FormatException or InvalidOperationException or KeyNotFoundException)
        {
            return false;
        }
    }
}
