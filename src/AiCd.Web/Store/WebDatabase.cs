using System.Data.Common;
using AiCd.Actors.Journal;
using Dapper;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace AiCd.Web.Store;

/// <summary>
/// The two databases behind one way of asking: statements that both understand. SQLite has one connection, used by one caller at a time
/// and never on the caller's thread, because a commit waits for the disk.
/// </summary>
internal sealed class WebDatabase : IAsyncDisposable
{
    private readonly NpgsqlDataSource? _postgres;
    private readonly SqliteConnection? _sqlite;
    private readonly SemaphoreSlim _gate = new(1, 1);

    private WebDatabase(NpgsqlDataSource? postgres, SqliteConnection? sqlite) => (_postgres, _sqlite) = (postgres, sqlite);

    /// <summary>The source stays its owner's.</summary>
    public static WebDatabase Of(NpgsqlDataSource postgres) => new(postgres, null);

    public static WebDatabase Of(SqliteConnection sqlite) => new(null, sqlite);

    public Task<List<T>> QueryAsync<T>(string sql, object? values, CancellationToken cancellationToken) =>
        RunAsync(async connection => (await connection.QueryAsync<T>(new CommandDefinition(sql, values, cancellationToken: cancellationToken))).AsList(), cancellationToken);

    public Task<int> ExecuteAsync(string sql, object? values, CancellationToken cancellationToken) =>
        RunAsync(connection => connection.ExecuteAsync(new CommandDefinition(sql, values, cancellationToken: cancellationToken)), cancellationToken);

    /// <summary>All of it or nothing.</summary>
    public Task ExecuteAllAsync(IReadOnlyList<(string Sql, object Values)> statements, CancellationToken cancellationToken) => RunAsync(
        async connection =>
        {
            await using var transaction = await connection.BeginTransactionAsync(CancellationToken.None);
            foreach (var (sql, values) in statements)
            {
                await connection.ExecuteAsync(new CommandDefinition(sql, values, transaction));
            }

            await transaction.CommitAsync(CancellationToken.None);
            return statements.Count;
        },
        cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _gate.WaitAsync();
        if (_sqlite is not null)
        {
            await _sqlite.DisposeAsync();
        }

        _gate.Release();
    }

    private async Task<T> RunAsync<T>(Func<DbConnection, Task<T>> run, CancellationToken cancellationToken)
    {
        try
        {
            return _postgres is not null ? await OnPostgresAsync(_postgres, run, cancellationToken) : await OnSqliteAsync(_sqlite!, run, cancellationToken);
        }
        catch (DbException error)
        {
            throw new JournalException($"The web's tables cannot be used: {error.Message}", error.IsTransient || error is SqliteException { SqliteErrorCode: 5 or 6 }, error);
        }
    }

    private static async Task<T> OnPostgresAsync<T>(NpgsqlDataSource source, Func<DbConnection, Task<T>> run, CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        return await run(connection);
    }

    private async Task<T> OnSqliteAsync<T>(SqliteConnection connection, Func<DbConnection, Task<T>> run, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            // Once begun it is not cancelled: its caller would not know what became of it.
            return await Task.Run(() => run(connection), CancellationToken.None);
        }
        finally
        {
            _gate.Release();
        }
    }
}
