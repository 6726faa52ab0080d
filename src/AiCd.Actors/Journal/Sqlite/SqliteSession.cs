using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace AiCd.Actors.Journal.Sqlite;

/// <summary>A connection and the statements prepared on it. One thread at a time.</summary>
internal sealed class SqliteSession : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly Dictionary<string, SqliteStatement> _statements = new(StringComparer.Ordinal);

    private SqliteSession(SqliteConnection connection) => _connection = connection;

    public bool InTransaction => raw.sqlite3_get_autocommit(_connection.Handle) == 0;

    public static SqliteSession OpenWriter(string file)
    {
        var session = Open(file, SqliteOpenMode.ReadWriteCreate);
        try
        {
            // The write-ahead log lets readers go on while a commit is under way.
            session.Execute("pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on");
            session.Execute("pragma wal_autocheckpoint = 4000; pragma journal_size_limit = 67108864");
            return session;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    public static SqliteSession OpenReader(string file) => Open(file, SqliteOpenMode.ReadOnly);

    /// <summary>The statement for the text; the same text is prepared once.</summary>
    public SqliteStatement Prepare(string sql)
    {
        if (!_statements.TryGetValue(sql, out var statement))
        {
            _statements.Add(sql, statement = new SqliteStatement(_connection.Handle!, sql));
        }

        return statement;
    }

    /// <summary>The first row of a query without parameters, or the default.</summary>
    public T? Query<T>(string sql, Func<SqliteStatement, T> map)
    {
        var statement = Prepare(sql);
        try
        {
            return statement.Step() ? map(statement) : default;
        }
        finally
        {
            statement.Reset();
        }
    }

    /// <summary>
    /// Runs any number of statements once. Pragmas must come this way: some act when they are prepared, so that one which is
    /// kept would act a single time.
    /// </summary>
    public void Execute(string sql) => SqliteException.ThrowExceptionForRC(raw.sqlite3_exec(_connection.Handle!, sql), _connection.Handle!);

    public void Begin() => Prepare("begin immediate").Run();

    /// <exception cref="JournalException">Translated here, where it is known that it was the commit that failed.</exception>
    public void Commit()
    {
        try
        {
            Prepare("commit").Run();
        }
        catch (SqliteException error)
        {
            throw SqliteErrors.TranslateCommit(error);
        }
    }

    public void Rollback()
    {
        if (InTransaction)
        {
            Prepare("rollback").Run();
        }
    }

    /// <summary>Ends whatever a failure left open, since an open statement holds on to its moment of the database.</summary>
    public void Reset()
    {
        foreach (var statement in _statements.Values)
        {
            statement.Reset();
        }
    }

    public void Dispose()
    {
        foreach (var statement in _statements.Values)
        {
            statement.Dispose();
        }

        _connection.Dispose();
    }

    private static SqliteSession Open(string file, SqliteOpenMode mode)
    {
        // Sessions are pooled here, with their statements; the library's pool would hold the file open after the store is closed.
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Mode = mode, Pooling = false }.ToString());
        try
        {
            connection.Open();
            var session = new SqliteSession(connection);
            session.Execute("pragma busy_timeout = 2000");
            return session;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}
