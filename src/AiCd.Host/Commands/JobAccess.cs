using System.CommandLine;
using AiCd.Host.Client;
using AiCd.Host.CommandLine;
using AiCd.Host.Commands.Steering;
using AiCd.Host.Composition;
using AiCd.Host.Jobs;
using AiCd.Host.Output;

namespace AiCd.Host.Commands;

/// <summary>
/// Where a command finds its jobs. A server that is named always; else what is read comes from the store, beside whoever writes to it,
/// and what is said goes to the server that runs on the data folder, or, where none does, into the store.
/// </summary>
internal static class JobAccess
{
    /// <param name="live">True where what a running attempt says is of use, which only its server knows.</param>
    public static async Task<IJobSource> OpenSourceAsync(Screen screen, ParseResult arguments, bool live, CancellationToken interrupted)
    {
        if ((ServerAddress.Named(arguments) ?? (live ? ServerAddress.OfDataFolder(arguments, mustHaveKey: false) : null)) is { } server)
        {
            return SourceOf(server, screen);
        }

        var scope = CommandScope.Create(screen, arguments);
        try
        {
            return new StoredJobs(scope, await scope.Get<StoreOpener>().OpenReadOnlyAsync(interrupted));
        }
        catch
        {
            await scope.DisposeAsync();
            throw;
        }
    }

    /// <param name="by">Who gives the commands, where a store is steered; null for the user of this machine.</param>
    public static async Task<IJobControl> OpenControlAsync(Screen screen, ParseResult arguments, string? by, CancellationToken interrupted)
    {
        if ((ServerAddress.Named(arguments) ?? ServerAddress.OfDataFolder(arguments)) is { } server)
        {
            var api = new ApiClient(server, TimeProvider.System);
            return by is null
                ? new ServerJobControl(api, new ServerJobs(api, screen, TimeProvider.System))
                : throw CommandException.BadInput($"--by: expected not beside a server, which knows by the key who says so ({server})");
        }

        var scope = CommandScope.Create(screen, arguments);
        try
        {
            return await StoredJobControl.OpenAsync(scope, screen, by ?? Environment.UserName, interrupted);
        }
        catch
        {
            await scope.DisposeAsync();
            throw;
        }
    }

    private static ServerJobs SourceOf(ServerAddress server, Screen screen) => new(new ApiClient(server, TimeProvider.System), screen, TimeProvider.System);
}
