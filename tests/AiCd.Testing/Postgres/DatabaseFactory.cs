using System.Security.Cryptography;
using Npgsql;

namespace AiCd.Testing;

/// <summary>Creates databases, each with a role of its own, through a role that may do so.</summary>
internal sealed class DatabaseFactory(string adminConnectionString, bool drops = true)
{
    // As an operator does before the first start, since the role that owns a database may make no others.
    private const string MakeWebRole =
        """
        do $$
        begin
            create role aicd_web nologin noinherit;
        exception when duplicate_object or unique_violation then
        end
        $$
        """;

    public async Task<TestDatabase> CreateAsync(CancellationToken cancellationToken)
    {
        // Letters and digits only: safe to write into statements that take no parameters.
        var name = $"aicd_{RandomNumberGenerator.GetHexString(16, lowercase: true)}";
        var password = RandomNumberGenerator.GetHexString(32, lowercase: true);
        await ExecuteAsync(
            [
                MakeWebRole,
                $"create role {name} login nosuperuser nocreatedb nocreaterole password '{password}'",
                $"grant {name} to current_user",
                $"grant aicd_web to {name}",
                $"create database {name} owner {name} template template0 encoding 'UTF8'",
            ],
            cancellationToken);
        var connectionString = new NpgsqlConnectionStringBuilder(adminConnectionString)
        {
            Database = name,
            Username = name,
            Password = password,
        };
        return new TestDatabase(this, name, connectionString.ConnectionString);
    }

    public Task DropAsync(string name, CancellationToken cancellationToken) => drops
        ? ExecuteAsync([$"drop database {name} with (force)", $"drop role {name}"], cancellationToken)
        : Task.CompletedTask;

    public Task TerminateSessionsAsync(string name, CancellationToken cancellationToken) =>
        ExecuteAsync([$"select pg_terminate_backend(pid, 10000) from pg_stat_activity where datname = '{name}'"], cancellationToken);

    private async Task ExecuteAsync(IEnumerable<string> statements, CancellationToken cancellationToken)
    {
        // Not pooled: a test may kill the server between any two calls.
        var connectionString = new NpgsqlConnectionStringBuilder(adminConnectionString) { Pooling = false };
        await using var connection = new NpgsqlConnection(connectionString.ConnectionString);
        await connection.OpenAsync(cancellationToken);
        foreach (var statement in statements)
        {
            await using var command = new NpgsqlCommand(statement, connection);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }
}
