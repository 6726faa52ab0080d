using Npgsql;

namespace AiCd.Testing;

/// <summary>A database of a test's own; its role owns it and has no other rights. Dispose closes its pool and drops it, sessions or not.</summary>
public sealed class TestDatabase : IAsyncDisposable
{
    private readonly DatabaseFactory _factory;

    internal TestDatabase(DatabaseFactory factory, string name, string connectionString)
    {
        _factory = factory;
        Name = name;
        ConnectionString = connectionString;
    }

    public string Name { get; }

    public string ConnectionString { get; }

    public async Task<NpgsqlConnection> OpenConnectionAsync(CancellationToken cancellationToken = default)
    {
        var connection = new NpgsqlConnection(ConnectionString);
        await connection.OpenAsync(cancellationToken);
        return connection;
    }

    /// <summary>Ends every session of the database on the server's side; returns when they are gone.</summary>
    public Task TerminateSessionsAsync(CancellationToken cancellationToken = default) =>
        _factory.TerminateSessionsAsync(Name, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await using (var connection = new NpgsqlConnection(ConnectionString))
        {
            NpgsqlConnection.ClearPool(connection);
        }

        await _factory.DropAsync(Name, CancellationToken.None);
    }
}
