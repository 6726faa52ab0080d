using AiCd.Actors.Journal;
using AiCd.Actors.Journal.Postgres;
using AiCd.Actors.Journal.Sqlite;
using AiCd.Host.Configuration;
using AiCd.Host.StoreCare.Tables;
using AiCd.Web.Store;
using Microsoft.Extensions.Logging.Abstractions;

namespace AiCd.Host.StoreCare;

/// <summary>A store by where it is, and the ways in which its care gets at it.</summary>
internal abstract record StoreAddress
{
    private StoreAddress()
    {
    }

    /// <summary>What it is, for people; without secrets.</summary>
    public abstract string Name { get; }

    /// <summary>The engine's scripts, each module's in order.</summary>
    public abstract IReadOnlyList<MigrationScript> Scripts { get; }

    /// <summary>Opens the store to write, and makes it or brings it up to date where that is needed.</summary>
    public abstract Task<IStore> OpenAsync(int shardCount, TimeProvider time, CancellationToken cancellationToken);

    /// <summary>Opens a store that is up to date, beside whoever writes to it.</summary>
    public abstract Task<IStore> OpenBesideAsync(TimeProvider time, CancellationToken cancellationToken);

    /// <summary>One moment of the store, beside whoever writes to it.</summary>
    public abstract Task<ITableSource> ReadTablesAsync(CancellationToken cancellationToken);

    /// <summary>The tables of a store that this process holds alone.</summary>
    /// <param name="write">False to read them.</param>
    public abstract Task<ITableTarget> HoldTablesAsync(bool write, CancellationToken cancellationToken);

    /// <summary>The store that a node with these settings uses.</summary>
    public static StoreAddress Of(HostSettings settings) => settings.IsClustered ? new Postgres(settings.Postgres) : new Sqlite(settings.DataFolder);

    /// <summary>Whether there is a store, or something that might be one.</summary>
    public abstract bool MayExist { get; }

    public sealed record Sqlite(string Folder) : StoreAddress
    {
        public string File => Path.Combine(Folder, "aicd.db");

        public string WebFile => Path.Combine(Folder, WebStoreOpener.FileName);

        public override string Name => $"the data folder {Folder}";

        public override bool MayExist => System.IO.File.Exists(File);

        public override IReadOnlyList<MigrationScript> Scripts => SqliteStore.Migrations;

        public override async Task<IStore> OpenAsync(int shardCount, TimeProvider time, CancellationToken cancellationToken)
        {
            var store = await SqliteStore.OpenAsync(Folder, shardCount, time, cancellationToken: cancellationToken);
            try
            {
                WebStoreOpener.Migrate(Folder, time);
                return store;
            }
            catch
            {
                await store.DisposeAsync();
                throw;
            }
        }

        public override async Task<IStore> OpenBesideAsync(TimeProvider time, CancellationToken cancellationToken) =>
            await SqliteStore.OpenReadOnlyAsync(Folder, time, cancellationToken);

        public override Task<ITableSource> ReadTablesAsync(CancellationToken cancellationToken) => Task.FromResult<ITableSource>(SqliteTables.OpenRead(Existing(), Beside()));

        public override Task<ITableTarget> HoldTablesAsync(bool write, CancellationToken cancellationToken) =>
            Task.FromResult<ITableTarget>(write ? SqliteTables.OpenWrite(Existing(), Beside()) : SqliteTables.OpenRead(Existing(), Beside()));

        private string? Beside() => System.IO.File.Exists(WebFile) ? WebFile : null;

        private string Existing() => MayExist ? File : throw new StoreUnusableException("not_found", $"There is no store in {Folder}");
    }

    public sealed record Postgres(string ConnectionString) : StoreAddress
    {
        public override string Name
        {
            get
            {
                var settings = new Npgsql.NpgsqlConnectionStringBuilder(ConnectionString);
                return $"the database {settings.Database} on {settings.Host}";
            }
        }

        public override bool MayExist => true;

        public override IReadOnlyList<MigrationScript> Scripts => PostgresStore.Migrations;

        public override async Task<IStore> OpenAsync(int shardCount, TimeProvider time, CancellationToken cancellationToken)
        {
            var store = await PostgresStore.OpenAsync(ConnectionString, shardCount, time, cancellationToken: cancellationToken);
            try
            {
                await WebStoreOpener.MigrateAsync(store, NullLogger.Instance, cancellationToken);
                return store;
            }
            catch
            {
                await store.DisposeAsync();
                throw;
            }
        }

        public override async Task<IStore> OpenBesideAsync(TimeProvider time, CancellationToken cancellationToken) =>
            await PostgresStore.OpenReadOnlyAsync(ConnectionString, time, cancellationToken);

        public override async Task<ITableSource> ReadTablesAsync(CancellationToken cancellationToken) =>
            await PostgresTables.OpenReadAsync(ConnectionString, hold: false, cancellationToken);

        public override async Task<ITableTarget> HoldTablesAsync(bool write, CancellationToken cancellationToken) => write
            ? await PostgresTables.OpenWriteAsync(ConnectionString, cancellationToken)
            : await PostgresTables.OpenReadAsync(ConnectionString, hold: true, cancellationToken);
    }
}
