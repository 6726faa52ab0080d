using Npgsql;

namespace AiCd.Testing.Tests;

public sealed class PostgresServerTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_test_gets_an_empty_database_that_its_role_owns_without_other_rights()
    {
        await using var database = await PostgresServer.CreateDatabaseAsync(Cancelled);
        await using var connection = await database.OpenConnectionAsync(Cancelled);

        await ExecuteAsync(connection, "create table things (id int primary key)");

        var role = await ScalarAsync(connection, "select rolsuper or rolcreatedb or rolcreaterole from pg_roles where rolname = current_user");
        role.ShouldBe(false);
        (await ScalarAsync(connection, "select count(*) from information_schema.tables where table_schema = 'public'")).ShouldBe(1L);
    }

    [Fact]
    public async Task Databases_are_apart_and_vanish_when_disposed()
    {
        var first = await PostgresServer.CreateDatabaseAsync(Cancelled);
        await using var second = await PostgresServer.CreateDatabaseAsync(Cancelled);
        await using var connection = await second.OpenConnectionAsync(Cancelled);
        await using var abandoned = await first.OpenConnectionAsync(Cancelled);

        await first.DisposeAsync();

        (await ScalarAsync(connection, $"select count(*) from pg_database where datname = '{first.Name}'")).ShouldBe(0L);
        (await ScalarAsync(connection, $"select count(*) from pg_roles where rolname = '{first.Name}'")).ShouldBe(0L);
    }

    [Fact]
    public async Task Terminated_sessions_are_gone()
    {
        await using var database = await PostgresServer.CreateDatabaseAsync(Cancelled);
        await using var connection = await database.OpenConnectionAsync(Cancelled);

        await database.TerminateSessionsAsync(Cancelled);

        await Should.ThrowAsync<NpgsqlException>(() => ExecuteAsync(connection, "select 1"));
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string statement)
    {
        await using var command = new NpgsqlCommand(statement, connection);
        await command.ExecuteNonQueryAsync(Cancelled);
    }

    private static async Task<object?> ScalarAsync(NpgsqlConnection connection, string statement)
    {
        await using var command = new NpgsqlCommand(statement, connection);
        return await command.ExecuteScalarAsync(Cancelled);
    }
}
