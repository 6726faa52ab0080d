using System.CommandLine;
using AiCd.Host.Client;
using AiCd.Host.Composition;
using AiCd.Host.Output;

namespace AiCd.Host.Commands.Operating;

/// <summary>The server that is named or runs on the data folder, since it knows more; the store where there is none.</summary>
internal static class InstallationAccess
{
    /// <param name="forChange">True where a store would be written to.</param>
    public static async Task<IInstallation> OpenAsync(Screen screen, ParseResult arguments, bool forChange, CancellationToken interrupted)
    {
        if ((ServerAddress.Named(arguments) ?? ServerAddress.OfDataFolder(arguments)) is { } server)
        {
            return new ServerInstallation(new ApiClient(server, TimeProvider.System), screen);
        }

        var scope = CommandScope.Create(screen, arguments);
        try
        {
            var opener = scope.Get<StoreOpener>();
            return new StoredInstallation(scope, forChange ? await opener.OpenForOneJobAsync(interrupted) : await opener.OpenReadOnlyAsync(interrupted));
        }
        catch
        {
            await scope.DisposeAsync();
            throw;
        }
    }
}
