using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace AiCd.Actors.Journal.Sqlite;

/// <summary>
/// One write session behind a gate and a pool of read sessions. Nothing here runs on the caller's thread, because a commit
/// waits for the disk.
/// </summary>
internal sealed class SqliteDatabase : IAsyncDisposable
{
    private const int IdleReaders = 8;

    private readonly string _file;
    private readonly SqliteSession? _writer;
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly ConcurrentBag<SqliteSession> _readers = [];
    private Durability _durability = Durability.Full;
    private volatile bool _disposed;

    /// <param name="writer">Null where the store was opened to be read only. Owned from here on.</param>
    public SqliteDatabase(string file, SqliteSession? writer)
    {
        _file = file;
        _writer = writer;
    }

    /// <summary>Runs the work in a transaction, which ends without a trace unless the work commits it.</summary>
    public async Task<T> WriteAsync<T>(Durability durability, Func<SqliteSession, T> work, CancellationToken cancellationToken)
    {
        var writer = _writer ?? throw new JournalException($"{_file} was opened to be read only", isTransient: false);
        await _gate.WaitAsync(cancellationToken);
        try
        {
            ObjectDisposedException.ThrowIf(_disposed, this);

            // Once begun it is not cancelled: its caller would not know what became of it.
            return await Task.Run(() => InTransaction(writer, durability, work), CancellationToken.None);
        }
        finally
        {
            _gate.Release();
        }
    }

    public Task<T> ReadAsync<T>(Func<SqliteSession, T> work, CancellationToken cancellationToken) =>
        Task.Run(
            () =>
            {
                var session = RentReader();
                try
                {
                    return work(session);
                }
                catch (SqliteException error)
                {
                    throw SqliteErrors.Translate(error);
                }
                finally
                {
                    ReturnReader(session);
                }
            },
            cancellationToken);

    /// <summary>A read session; whoever rents it returns it.</summary>
    public SqliteSession RentReader()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_readers.TryTake(out var session))
        {
            return session;
        }

        try
        {
            return SqliteSession.OpenReader(_file);
        }
        catch (SqliteException error)
        {
            throw SqliteErrors.Translate(error);
        }
    }

    public void ReturnReader(SqliteSession session)
    {
        if (_readers.Count >= IdleReaders)
        {
            session.Dispose();
            return;
        }

        session.Reset();
        _readers.Add(session);
        if (_disposed)
        {
            CloseReaders();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _gate.WaitAsync();
        try
        {
            if (_disposed)
            {
                return;
            }

            _disposed = true;
            CloseReaders();

            // Last: the last connection to close moves the log into the database.
            _writer?.Dispose();
        }
        finally
        {
            _gate.Release();
        }
    }

    private void CloseReaders()
    {
        while (_readers.TryTake(out var reader))
        {
            reader.Dispose();
        }
    }

    private T InTransaction<T>(SqliteSession session, Durability durability, Func<SqliteSession, T> work)
    {
        try
        {
            Require(session, durability);
            session.Begin();
            return work(session);
        }
        catch (SqliteException error)
        {
            throw SqliteErrors.Translate(error);
        }
        finally
        {
            session.Rollback();
        }
    }

    private void Require(SqliteSession session, Durability durability)
    {
        if (durability != _durability)
        {
            session.Execute(durability == Durability.Full ? "pragma synchronous = full" : "pragma synchronous = normal");
            _durability = durability;
        }
    }
}

/// <summary>What a commit waits for.</summary>
internal enum Durability
{
    /// <summary>It is on the disk.</summary>
    Full,

    /// <summary>
    /// It is in the log, and on the disk with the next full commit. For what can be made again: a lost commit takes its cursor
    /// along, since both are written in one transaction.
    /// </summary>
    Rebuildable,
}
