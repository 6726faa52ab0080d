using System.CommandLine;
using System.Text.Json;
using AiCd.Host.Client;
using AiCd.Host.CommandLine;
using AiCd.Host.Commands.Inspecting;
using AiCd.Host.Composition;
using AiCd.Host.Output;
using AiCd.Web.Json;

namespace AiCd.Host.Commands.Administering;

/// <summary>Where tenants and keys are: at the server that is named or runs on the data folder, or in the store where there is none.</summary>
internal static class AdministrationAccess
{
    /// <summary>A command with the options that say where, and how the answer is printed.</summary>
    /// <param name="run">What programs get, and how people do.</param>
    public static Command Create(
        Screen screen, string name, string description, Symbol[] symbols, Func<IAdministration, ParseResult, CancellationToken, Task<(object Line, Action Write)>> run)
    {
        var command = new Command(name, description);
        foreach (var symbol in symbols)
        {
            if (symbol is Argument argument)
            {
                command.Add(argument);
            }
            else
            {
                command.Add((Option)symbol);
            }
        }

        command.Add(JobArgument.Json);
        command.Add(SharedOptions.Server);
        command.Add(SharedOptions.Postgres);
        command.SetAction(async (arguments, interrupted) =>
        {
            await using var administration = await OpenAsync(screen, arguments, interrupted);
            var (line, write) = await run(administration, arguments, interrupted);
            if (arguments.GetValue(JobArgument.Json))
            {
                Screen.Line(JsonSerializer.Serialize(line, line.GetType(), WebJson.Options));
            }
            else
            {
                write();
            }

            return ExitCodes.Done;
        });
        return command;
    }

    private static async Task<IAdministration> OpenAsync(Screen screen, ParseResult arguments, CancellationToken interrupted)
    {
        if ((ServerAddress.Named(arguments) ?? ServerAddress.OfDataFolder(arguments)) is { } server)
        {
            return new ServerAdministration(new ApiClient(server, TimeProvider.System));
        }

        var scope = CommandScope.Create(screen, arguments);
        try
        {
            return await StoredAdministration.OpenAsync(scope, interrupted);
        }
        catch
        {
            await scope.DisposeAsync();
            throw;
        }
    }
}
