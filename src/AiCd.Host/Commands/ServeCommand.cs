using System.CommandLine;
using AiCd.Host.CommandLine;
using AiCd.Host.Composition;
using AiCd.Host.Configuration;
using AiCd.Host.Output;
using AiCd.Host.Serving;

namespace AiCd.Host.Commands;

/// <summary><c>aicd serve</c>: a node that drives every job of its data folder, or its share of a cluster's.</summary>
internal static class ServeCommand
{
    private static readonly Option<string> Urls = new("--urls")
    {
        HelpName = "URLS",
        Description = "Where to listen, separated by semicolons; port 0 takes a free one [default: http://127.0.0.1:5080]",
    };

    public static Command Create(Screen screen)
    {
        var command = new Command("serve", "Run a node that goes on with every job of the data folder, or, in a cluster, with its share of them") { Urls, SharedOptions.Postgres };
        command.SetAction((arguments, interrupted) => RunAsync(screen, arguments, interrupted));
        return command.WithExamples("aicd serve", "aicd serve --urls http://127.0.0.1:0 --data ./data", "AiCd__Postgres='Host=db;Database=aicd;Username=aicd;Password=...' aicd serve");
    }

    private static async Task<int> RunAsync(Screen screen, ParseResult arguments, CancellationToken interrupted)
    {
        var configuration = ConfigurationSources.Load(
            (CommandScope.DataFolderKey, arguments.GetValue(SharedOptions.Data)),
            (CommandScope.PostgresKey, arguments.GetValue(SharedOptions.Postgres)),
            ($"{HostSettings.Section}:{nameof(HostSettings.Urls)}", arguments.GetValue(Urls)));
        await Server.RunAsync(configuration, screen, arguments.GetValue(SharedOptions.Verbose), interrupted);
        return ExitCodes.Done;
    }
}
