using AiCd.Actors.Journal;
using AiCd.Actors.Journal.Postgres;
using AiCd.Actors.Journal.Sqlite;
using AiCd.Actors.Runtime;
using AiCd.Host.CommandLine;
using AiCd.Host.Configuration;
using AiCd.Host.Serving;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AiCd.Host.Composition;

/// <summary>Opens the store that the settings name, and says in words what keeps it from being opened.</summary>
internal sealed class StoreOpener(
    HostSettings settings, EngineOptions engine, OpenedStore opened, IServiceProvider services, TimeProvider time, ILoggerFactory loggers)
{
    /// <summary>For a node that drives whatever is owed.</summary>
    public async Task<IStore> OpenAsync(CancellationToken cancellationToken)
    {
        opened.Folder = settings.IsClustered ? LockFolder() : null;
        return await OpenStoreAsync(cancellationToken);
    }

    /// <summary>For somebody who waits for one job: in a cluster he need not drive it, and looks on where the data folder is another's.</summary>
    public async Task<IStore> OpenForOneJobAsync(CancellationToken cancellationToken)
    {
        if (!settings.IsClustered)
        {
            return await OpenStoreAsync(cancellationToken);
        }

        StoreUnusableException? inUse = null;
        try
        {
            opened.Folder = FolderLock.Take(settings.DataFolder);
        }
        catch (StoreUnusableException taken) when (taken.Code == "in_use")
        {
            (inUse, engine.Role) = (taken, EngineOptions.WebRole);
        }

        var store = await OpenStoreAsync(cancellationToken);
        return inUse is null || await IsDrivenAsync(store, cancellationToken) ? store : throw inUse;
    }

    /// <summary>For somebody who needs tables beside the jobs and drives none.</summary>
    public Task<IStore> OpenForTablesAsync(CancellationToken cancellationToken) => OpenStoreAsync(cancellationToken);

    /// <summary>Beside whoever writes.</summary>
    public async Task<IStore> OpenReadOnlyAsync(CancellationToken cancellationToken) => Own(settings.IsClustered
        ? await PostgresStore.OpenReadOnlyAsync(settings.Postgres, time, cancellationToken)
        : await SqliteStore.OpenReadOnlyAsync(settings.DataFolder, time, cancellationToken));

    private async Task<IStore> OpenStoreAsync(CancellationToken cancellationToken)
    {
        if (settings.IsClustered)
        {
            return Own(await PostgresStore.OpenAsync(
                settings.Postgres, time: time, logger: loggers.CreateLogger<PostgresStore>(), cancellationToken: cancellationToken));
        }

        try
        {
            return Own(await SqliteStore.OpenAsync(
                settings.DataFolder, time: time, logger: loggers.CreateLogger<SqliteStore>(), cancellationToken: cancellationToken));
        }
        catch (StoreUnusableException unusable) when (unusable.Code == "in_use")
        {
            throw InUse(unusable);
        }
    }

    private FolderLock LockFolder()
    {
        try
        {
            return FolderLock.Take(settings.DataFolder);
        }
        catch (StoreUnusableException unusable) when (unusable.Code == "in_use")
        {
            throw InUse(unusable);
        }
    }

    private Exception InUse(StoreUnusableException unusable) => ServerFile.Find(settings.DataFolder) is { } server
        ? new CommandException(ExitCodes.Environment, $"{unusable.Message} (aicd serve at {server.Url})", unusable)
        : unusable;

    private static async Task<bool> IsDrivenAsync(IStore store, CancellationToken cancellationToken) =>
        (await store.Nodes.ReadAsync(cancellationToken)).Nodes.Any(node => node.HasShare);

    private IStore Own(IStore store)
    {
        opened.Store = store;
        return services.GetRequiredService<IStore>();
    }
}
