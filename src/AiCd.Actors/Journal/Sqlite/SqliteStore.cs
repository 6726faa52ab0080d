using System.Globalization;
using AiCd.Actors.Projections;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace AiCd.Actors.Journal.Sqlite;

/// <summary>A store in a data folder, for one process: the engine of the embedded node.</summary>
public sealed class SqliteStore : IStore
{
    private static readonly (string Module, string Scripts)[] Modules =
    [
        ("store", "AiCd.Actors.Journal.Sqlite.Migrations."),
        ("views", "AiCd.Actors.Journal.Sqlite.Views."),
        ("ledger", "AiCd.Actors.Journal.Sqlite.Ledger."),
    ];

    private readonly SqliteDatabase _database;
    private readonly FolderLock? _lock;

    /// <summary>All scripts of all modules, each module's in order.</summary>
    public static IReadOnlyList<MigrationScript> Migrations =>
        [.. Modules.SelectMany(module => MigrationScript.Load(typeof(SqliteStore).Assembly, module.Module, module.Scripts))];

    private SqliteStore(SqliteDatabase database, int shardCount, FolderLock? folderLock, TimeProvider time)
    {
        _database = database;
        _lock = folderLock;
        ShardCount = shardCount;
        Inbox = new SqliteInbox(database, time);
        PoolSettings = new SqlitePoolSettings(database);
        Pacing = new SqlitePacing(database, time);
        Ledger = new SqliteLedger(database, time);
        Artifacts = new SqliteArtifacts(database, time);
        Journal = new SqliteJournal(database, time);
        Nodes = new SqliteNodes(database, time);
        Jobs = new SqliteJobViews(database);
        Retention = new SqliteRetention(database, time);
        Queries = new SqliteJobQueries(database);
        Snapshots = new SqliteSnapshots(database);
    }

    public int ShardCount { get; }

    public bool IsShared => false;

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

    public ISnapshots Snapshots { get; }

    /// <summary>Opens the store in the folder, and makes both where they are missing.</summary>
    /// <param name="shardCount">Of a store that is made; one that is there keeps its own.</param>
    /// <exception cref="StoreUnusableException"><c>in_use</c>, <c>not_writable</c>, <c>not_a_store</c> or <c>newer_version</c>.</exception>
    public static Task<SqliteStore> OpenAsync(
        string folder,
        int shardCount = StoreDefaults.ShardCount,
        TimeProvider? time = null,
        ILogger<SqliteStore>? logger = null,
        CancellationToken cancellationToken = default)
    {
        StoreDefaults.ThrowIfNotShardCount(shardCount);
        logger ??= NullLogger<SqliteStore>.Instance;
        return Task.Run(() => OpenWriter(Path.GetFullPath(folder), shardCount, time ?? TimeProvider.System, logger), cancellationToken);
    }

    /// <summary>Opens the store beside the process that writes to it; everything that would write is refused.</summary>
    /// <exception cref="StoreUnusableException"><c>not_found</c>, <c>not_a_store</c>, <c>newer_version</c> or <c>older_version</c>.</exception>
    public static Task<SqliteStore> OpenReadOnlyAsync(string folder, TimeProvider? time = null, CancellationToken cancellationToken = default) =>
        Task.Run(() => OpenReader(Path.GetFullPath(folder), time ?? TimeProvider.System), cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        _lock?.Dispose();
    }

    private static SqliteStore OpenWriter(string folder, int shardCount, TimeProvider time, ILogger logger)
    {
        var file = DataFolder.DatabaseIn(folder);
        var folderLock = FolderLock.Take(folder);
        try
        {
            var store = OpenWriter(file, shardCount, folderLock, time, logger);
            StoreLog.Opened(logger, file, store.ShardCount);
            return store;
        }
        catch (SqliteException error)
        {
            folderLock.Dispose();
            throw SqliteErrors.TranslateOpening(error, file);
        }
        catch
        {
            folderLock.Dispose();
            throw;
        }
    }

    private static SqliteStore OpenWriter(string file, int shardCount, FolderLock folderLock, TimeProvider time, ILogger logger)
    {
        var writer = SqliteSession.OpenWriter(file);
        try
        {
            foreach (var (module, scripts) in Modules)
            {
                SqliteMigrator.Apply(writer, MigrationScript.Load(typeof(SqliteStore).Assembly, module, scripts), file, time, logger);
            }

            return new SqliteStore(new SqliteDatabase(file, writer), MakeShards(writer, shardCount), folderLock, time);
        }
        catch
        {
            writer.Dispose();
            throw;
        }
    }

    private static SqliteStore OpenReader(string folder, TimeProvider time)
    {
        var file = DataFolder.DatabaseIn(folder);
        if (!File.Exists(file))
        {
            throw new StoreUnusableException("not_found", $"There is no store in {folder}: no command that writes has run there yet");
        }

        try
        {
            using var reader = SqliteSession.OpenReader(file);
            foreach (var (module, scripts) in Modules)
            {
                SqliteMigrator.ThrowIfDifferent(reader, MigrationScript.Load(typeof(SqliteStore).Assembly, module, scripts), file);
            }

            return new SqliteStore(new SqliteDatabase(file, writer: null), ReadShardCount(reader) ?? 0, folderLock: null, time);
        }
        catch (SqliteException error)
        {
            throw SqliteErrors.TranslateOpening(error, file);
        }
    }

    /// <returns>The count of the store, which is decided once.</returns>
    private static int MakeShards(SqliteSession session, int shardCount)
    {
        if (ReadShardCount(session) is { } decided)
        {
            return decided;
        }

        session.Begin();
        session.Execute($"insert into meta (key, value) values ('shard_count', '{shardCount}')");
        for (var shard = 0; shard < shardCount; shard++)
        {
            session.Prepare("insert into shards (shard) values (?)").Bind(1, shard).Run();
            session.Prepare("insert into projection_cursors (shard) values (?)").Bind(1, shard).Run();
        }

        session.Commit();
        return shardCount;
    }

    private static int? ReadShardCount(SqliteSession session) =>
        session.Query<int?>("select value from meta where key = 'shard_count'", statement => int.Parse(statement.Text(0), CultureInfo.InvariantCulture));
}
