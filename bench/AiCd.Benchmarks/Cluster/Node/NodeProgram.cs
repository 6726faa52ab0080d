using AiCd.Actors.Hosting;
using AiCd.Actors.Journal;
using AiCd.Actors.Journal.Postgres;
using AiCd.Actors.Ports;
using AiCd.Actors.Stages;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AiCd.Benchmarks.Cluster.Node;

/// <summary>
/// A node for cluster runs: the shipped engine, stage work and hosting on PostgreSQL, with an agent, workspaces and a forge that cost
/// nothing. It ends with its standard input, and in good order on SIGTERM.
/// </summary>
internal static class NodeProgram
{
    private const int EnvironmentFailure = 3;

    public static async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var lines = new LineWriter(TimeProvider.System);
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddEnvironmentVariables();
        using var logs = new LineLoggerProvider(lines);
        builder.Logging.AddProvider(logs);
        PostgresStore store;
        try
        {
            store = await PostgresStore.OpenAsync(builder.Configuration["AiCd:Postgres"]!, cancellationToken: cancellationToken);
        }
        catch (StoreUnusableException error)
        {
            lines.Write(at => new NodeLine(NodeLineKinds.Log, at, Level: nameof(LogLevel.Error), Text: error.Message));
            return EnvironmentFailure;
        }

        await using (store)
        {
            AddServices(builder, store, lines);
            using var host = builder.Build();
            await host.StartAsync(cancellationToken);
            await host.WaitForShutdownAsync(cancellationToken);
            return host.Services.GetRequiredService<EngineService>().Failure is null ? 0 : EnvironmentFailure;
        }
    }

    private static void AddServices(HostApplicationBuilder builder, PostgresStore store, LineWriter lines)
    {
        var services = builder.Services;
        services.AddSingleton(lines);
        services.AddSingleton<IStore>(store);
        services.AddSingleton(new WorkDelay(Duration(builder, NodeSettings.ShortestDelayVariable), Duration(builder, NodeSettings.LongestDelayVariable)));
        services.AddSingleton<ScriptedAgent>();
        services.AddSingleton<IAgents>(provider => provider.GetRequiredService<ScriptedAgent>());
        services.AddSingleton<IWorkspaces, PaperWorkspaces>();
        services.AddSingleton<IForge>(new TableForge(store.DataSource));
        services.AddAiCdEngine();
        var shipped = services.Single(service => service.ServiceType == typeof(IStageWork)).ImplementationType!;
        services.AddSingleton(shipped);
        services.AddSingleton<IStageWork>(provider => new LoggedWork((IStageWork)provider.GetRequiredService(shipped), lines));
        services.AddSingleton<EngineService>();
        services.AddHostedService(provider => provider.GetRequiredService<EngineService>());
        services.AddHostedService<NodeOrders>();
    }

    private static TimeSpan Duration(HostApplicationBuilder builder, string variable) =>
        builder.Configuration.GetValue<TimeSpan>(variable.Replace("__", ":", StringComparison.Ordinal));
}
