using AiCd.Actors.Journal;
using AiCd.Actors.Journal.Sqlite;
using AiCd.Host.CommandLine;
using AiCd.Host.Configuration;
using AiCd.Host.Serving;
using Microsoft.Extensions.DependencyInjection;

namespace AiCd.Host.Composition;

/// <summary>Opens the store that the settings name, and says in words what keeps it from being opened.</summary>
internal sealed class StoreOpener(HostSettings settings, OpenedStore opened, IServiceProvider services, TimeProvider time)
{
    /// <summary>For the one process that writes.</summary>
    public async Task<IStore> OpenAsync(CancellationToken cancellationToken)
    {
        try
        {
            return Own(await SqliteStore.OpenAsync(settings.DataFolder, time: time, cancellationToken: cancellationToken));
        }
        catch (StoreUnusableException unusable) when (unusable.Code == "in_use" && ServerFile.Find(settings.DataFolder) is { } server)
        {
            throw new CommandException(ExitCodes.Environment, $"{unusable.Message} (aicd serve at {server.Url})", unusable);
        }
    }

    /// <summary>Beside whoever writes.</summary>
    public async Task<IStore> OpenReadOnlyAsync(CancellationToken cancellationToken) =>
        Own(await SqliteStore.OpenReadOnlyAsync(settings.DataFolder, time, cancellationToken));

    private IStore Own(SqliteStore store)
    {
        opened.Store = store;
        return services.GetRequiredService<IStore>();
    }
}
