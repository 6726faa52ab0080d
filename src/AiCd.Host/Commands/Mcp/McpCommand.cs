using System.CommandLine;
using System.Reflection;
using AiCd.Host.CommandLine;
using AiCd.Host.Logging;
using AiCd.Host.Output;
using Microsoft.Extensions.Logging;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace AiCd.Host.Commands.Mcp;

/// <summary><c>aicd mcp</c>: a server of the Model Context Protocol on standard input and output, for assistants in editors.</summary>
internal static class McpCommand
{
    private const string Instructions = """
        AiCd turns software issues into pull requests with AI agents. Submit an issue with the repository that it is about, then look at the job
        now and then: it plans, codes, reviews and opens a pull request by itself. A job that waits for approval shows its plan.
        """;

    public static Command Create(Screen screen)
    {
        var command = new Command("mcp", "Serve assistants in editors over standard input and output (Model Context Protocol)") { SharedOptions.Server, SharedOptions.Postgres };
        command.SetAction((arguments, interrupted) => RunAsync(screen, arguments, interrupted));
        return command.WithExamples("aicd mcp", "AICD_API_KEY=... aicd mcp --server https://aicd.example.com");
    }

    private static async Task<int> RunAsync(Screen screen, ParseResult arguments, CancellationToken interrupted)
    {
        var verbose = arguments.GetValue(SharedOptions.Verbose);
        using var loggers = LoggerFactory.Create(logging => logging
            .SetMinimumLevel(verbose ? LogLevel.Debug : LogLevel.Warning)
            .AddProvider(new ScreenLoggerProvider(screen, TimeProvider.System, details: verbose)));
        var options = new McpServerOptions
        {
            ServerInfo = new Implementation { Name = "aicd", Version = typeof(McpCommand).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0" },
            ServerInstructions = Instructions,
            ToolCollection = [.. McpTools.Of(new JobTools(screen, arguments))],
        };
        await using var transport = new StdioServerTransport(options, loggers);
        await using var server = McpServer.Create(transport, options, loggers);
        await server.RunAsync(interrupted);
        return ExitCodes.Done;
    }
}
