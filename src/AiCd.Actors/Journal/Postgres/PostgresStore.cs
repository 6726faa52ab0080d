using System.Globalization;
using AiCd.Actors.Projections;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using static AiCd.Actors.Journal.Postgres.Sql;

namespace AiCd.Actors.Journal.Postgres;

/// <summary>A store in a PostgreSQL database, for any number of nodes. Tables live in the schema that the connection's search path names first.</summary>
public sealed class PostgresStore : IStore
{
    private static readonly (string Module, string Scripts)[] Modules =
    [
        ("store", "AiCd.Actors.Journal.Postgres.Migrations."),
        ("views", "AiCd.Actors.Journal.Postgres.Views."),
        ("ledger", "AiCd.Actors.Journal.Postgres.Ledger."),
        ("search", "AiCd.Actors.Journal.Postgres.Search."),
    ];

    /// <summary>All scripts of all modules, each module's in order.</summary>
    public static IReadOnlyList<MigrationScript> Migrations =>
        [.. Modules.SelectMany(module => MigrationScript.Load(typeof(PostgresStore).Assembly, module.Module, module.Scripts))];

    private PostgresStore(NpgsqlDataSource source, PostgresDatabase database, int shardCount, bool isolated, TimeProvider time)
    {
        DataSource = source;
        ShardCount = shardCount;
        Inbox = new PostgresInbox(database);
        PoolSettings = new PostgresPoolSettings(database);
        Pacing = new PostgresPacing(database);
        Ledger = new PostgresLedger(database);
        Artifacts = new PostgresArtifacts(database);
        Journal = new PostgresJournal(database);
        Nodes = new PostgresNodes(database, time);
        Jobs = new PostgresJobViews(database);
        Retention = new PostgresRetention(database);
        Queries = new PostgresJobQueries(database, isolated);
        IsIsolated = isolated;
        Snapshots = new PostgresSnapshots(database);
        Notes = new PostgresLiveNotes(database);
    }

    /// <summary>For other modules that keep tables in the same database.</summary>
    public NpgsqlDataSource DataSource { get; }

    public int ShardCount { get; }

    public bool IsShared => true;

    public IJournal Journal { get; }

    public INodes Nodes { get; }

    public IInbox Inbox { get; }

    public IPoolSettings PoolSettings { get; }

    public IPacing Pacing { get; }

    public ILedger Ledger { get; }

    public IArtifacts Artifacts { get; }

    public IJobViews Jobs { get; }

    public IRetention Retention { get; }

    public IJobQueries Queries { get; }

    /// <summary>True where what people read is read under the web role, to which row-level security shows one tenant alone.</summary>
    public bool IsIsolated { get; }

    public ISnapshots Snapshots { get; }

    public ILiveNotes Notes { get; }

    /// <summary>Opens the store in the database, and makes its tables where they are missing.</summary>
    /// <param name="shardCount">Of a store that is made; one that is there keeps its own.</param>
    /// <param name="time">For nothing but the order of names: leases are judged by the database's clock.</param>
    /// <exception cref="StoreUnusableException"><c>unreachable</c>, <c>too_old</c>, <c>not_writable</c>, <c>newer_version</c> or <c>not_a_store</c>.</exception>
    public static async Task<PostgresStore> OpenAsync(
        string connectionString,
        int shardCount = StoreDefaults.ShardCount,
        TimeProvider? time = null,
        ILogger<PostgresStore>? logger = null,
        CancellationToken cancellationToken = default)
    {
        StoreDefaults.ThrowIfNotShardCount(shardCount);
        logger ??= NullLogger<PostgresStore>.Instance;
        var source = PostgresSource.Create(connectionString);
        try
        {
            await PostgresSource.VerifyAsync(source, forWriting: true, cancellationToken);
            foreach (var (module, scripts) in Modules)
            {
                await PostgresMigrator.ApplyAsync(source, MigrationScript.Load(typeof(PostgresStore).Assembly, module, scripts), logger, cancellationToken);
            }

            var database = new PostgresDatabase(source);
            var count = await ReadShardCountAsync(database, cancellationToken) ?? await MakeShardsAsync(database, shardCount, cancellationToken);
            var settings = new NpgsqlConnectionStringBuilder(connectionString);
            StoreLog.Opened(logger, $"{settings.Database} on {settings.Host}", count);
            var isolated = await PostgresWebRole.PrepareAsync(database, PostgresWebRole.StoreTables, logger, cancellationToken);
            return new PostgresStore(source, database, count, isolated, time ?? TimeProvider.System);
        }
        catch
        {
            await source.DisposeAsync();
            throw;
        }
    }

    /// <summary>Opens a store that is there, to look at it: nothing is made or changed, so a standby and a role that may only read will do.</summary>
    /// <exception cref="StoreUnusableException"><c>unreachable</c>, <c>too_old</c>, <c>not_found</c>, <c>newer_version</c>, <c>older_version</c> or <c>not_a_store</c>.</exception>
    public static async Task<PostgresStore> OpenReadOnlyAsync(string connectionString, TimeProvider? time = null, CancellationToken cancellationToken = default)
    {
        var source = PostgresSource.Create(connectionString);
        try
        {
            await PostgresSource.VerifyAsync(source, forWriting: false, cancellationToken);
            foreach (var (module, scripts) in Modules)
            {
                await PostgresMigrator.ThrowIfDifferentAsync(source, MigrationScript.Load(typeof(PostgresStore).Assembly, module, scripts), cancellationToken);
            }

            var database = new PostgresDatabase(source);
            return new PostgresStore(source, database, await ReadShardCountAsync(database, cancellationToken) ?? 0, isolated: false, time ?? TimeProvider.System);
        }
        catch (JournalException error) when (error is not StoreUnusableException)
        {
            // The server went away between two of the steps.
            await source.DisposeAsync();
            throw new StoreUnusableException("unreachable", error.Message, error);
        }
        catch
        {
            await source.DisposeAsync();
            throw;
        }
    }

    public ValueTask DisposeAsync() => DataSource.DisposeAsync();

    private static async Task<int?> ReadShardCountAsync(PostgresDatabase database, CancellationToken cancellationToken)
    {
        var counts = await database.QueryAsync(ReadCount, cancellationToken, Statement("select value from meta where key = 'shard_count'"));
        return counts.Count > 0 ? counts[0] : null;
    }

    /// <returns>The count that was decided first, should two processes decide at once.</returns>
    private static async Task<int> MakeShardsAsync(PostgresDatabase database, int shardCount, CancellationToken cancellationToken)
    {
        var counts = await database.QueryAsync(
            ReadCount,
            cancellationToken,
            Statement("insert into meta (key, value) values ('shard_count', $1) on conflict do nothing", Value(shardCount.ToString(CultureInfo.InvariantCulture))),
            Statement("insert into shards (shard) select generate_series(0, value::int - 1) from meta where key = 'shard_count' on conflict do nothing"),
            Statement("insert into projection_cursors (shard) select generate_series(0, value::int - 1) from meta where key = 'shard_count' on conflict do nothing"),
            Statement("select value from meta where key = 'shard_count'"));
        return counts[0];
    }

    private static int ReadCount(NpgsqlDataReader reader) => int.Parse(reader.GetString(0), CultureInfo.InvariantCulture);
}
