using Microsoft.Extensions.Logging;
using Npgsql;

namespace AiCd.Actors.Journal.Postgres;

/// <summary>
/// The role under which everything is read that people ask for. It owns nothing and may only read; row-level security shows it the
/// tenant that its transaction has set, and nothing where none is set.
/// </summary>
public static class PostgresWebRole
{
    public const string Name = "aicd_web";

    internal static readonly string[] StoreTables = ["jobs", "job_search", "journal", "artifacts"];

    /// <summary>They run with the rights of their owner, and ask for the tenant themselves.</summary>
    private static readonly string[] Functions = ["aicd_find_jobs", "aicd_find_ended_jobs", "aicd_match_jobs"];

    private const long LockKey = 0x41694365;

    /// <summary>Makes the role where this one may do so, and lets it read the tables.</summary>
    /// <returns>False where there is no such role or this one may not take it: then isolation rests on the program alone.</returns>
    internal static async Task<bool> PrepareAsync(PostgresDatabase database, IReadOnlyList<string> tables, ILogger logger, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        try
        {
            if (!await AskAsync(connection, $"select exists (select from pg_roles where rolname = '{Name}')", cancellationToken))
            {
                await TryAsync(connection, $"create role {Name} nologin noinherit", cancellationToken);
            }

            if (!await AskAsync(connection, $"select exists (select from pg_roles where rolname = '{Name}')", cancellationToken)
                || !await MayTakeAsync(connection, cancellationToken))
            {
                StoreLog.NotIsolated(logger, Name);
                return false;
            }

            await GrantAsync(connection, tables, cancellationToken);
            return true;
        }
        catch (NpgsqlException error)
        {
            throw PostgresErrors.TranslateOpening(error);
        }
    }

    private static async Task<bool> MayTakeAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        const string IsMember = $"select pg_has_role(current_user, '{Name}', 'member')";
        if (await AskAsync(connection, IsMember, cancellationToken))
        {
            return true;
        }

        await TryAsync(connection, $"grant {Name} to current_user", cancellationToken);
        return await AskAsync(connection, IsMember, cancellationToken);
    }

    private static async Task GrantAsync(NpgsqlConnection connection, IReadOnlyList<string> tables, CancellationToken cancellationToken)
    {
        var missing = (IEnumerable<string>)
        [
            .. tables.Select(table => $"not has_table_privilege('{Name}', '{table}', 'select')"),
            .. Functions.Select(function => $"not has_function_privilege('{Name}', '{function}'::regproc, 'execute')"),
            $"not has_schema_privilege('{Name}', current_schema(), 'usage')",
        ];
        if (!await AskAsync(connection, $"select {string.Join(" or ", missing)}", cancellationToken))
        {
            return;
        }

        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await ExecuteAsync(connection, $"select pg_advisory_xact_lock({LockKey})", cancellationToken);
        await ExecuteAsync(
            connection,
            $"""
             do $$
             begin
                 execute format('grant usage on schema %I to {Name}', current_schema());
             end
             $$
             """,
            cancellationToken);
        await ExecuteAsync(connection, $"grant select on {string.Join(", ", tables)} to {Name}", cancellationToken);
        await ExecuteAsync(connection, $"grant execute on function {string.Join(", ", Functions)} to {Name}", cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private static async Task<bool> AskAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>For what this role may not be allowed to do, or another process does at the same time.</summary>
    private static async Task TryAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        try
        {
            await ExecuteAsync(connection, sql, cancellationToken);
        }
        catch (PostgresException error) when (error.SqlState is PostgresErrorCodes.InsufficientPrivilege or PostgresErrorCodes.DuplicateObject
            or PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.InvalidGrantOperation)
        {
            // Whether it is there now is asked next.
        }
    }
}
