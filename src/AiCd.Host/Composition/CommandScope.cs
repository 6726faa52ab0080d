using System.CommandLine;
using AiCd.Actors.Hosting.Settings;
using AiCd.Actors.Runtime;
using AiCd.Host.CommandLine;
using AiCd.Host.Configuration;
using AiCd.Host.Logging;
using AiCd.Host.Output;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AiCd.Host.Composition;

/// <summary>The services of a command that runs to its end by itself; settings are valid when it exists.</summary>
internal sealed class CommandScope : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    private CommandScope(ServiceProvider services) => _services = services;

    public HostSettings Settings => Get<HostSettings>();

    public static CommandScope Create(Screen screen, ParseResult arguments, params IEnumerable<(string Key, string? Value)> given)
    {
        var configuration = ConfigurationSources.Load(
            [(DataFolderKey, arguments.GetValue(SharedOptions.Data)), (PostgresKey, arguments.GetValue(SharedOptions.Postgres)), .. given]);
        var verbose = arguments.GetValue(SharedOptions.Verbose);
        var services = new ServiceCollection().AddNode(configuration);
        services.AddSingleton(screen);

        // Whoever waits for one job drives it, whatever part this node was configured for.
        // And he waits for the pull request, not for what people make of it.
        services.PostConfigure<EngineOptions>(engine =>
            (engine.Role, engine.CompleteOn) = (new EngineOptions().Role, EngineOptions.CompletedByOpening));
        services.AddLogging(logging => logging
            .SetMinimumLevel(verbose ? LogLevel.Debug : LogLevel.Warning)
            .AddProvider(new ScreenLoggerProvider(screen, TimeProvider.System, details: verbose)));
        var provider = services.BuildServiceProvider();
        provider.ThrowIfSettingsInvalid();
        return new CommandScope(provider);
    }

    public static string DataFolderKey => $"{HostSettings.Section}:{nameof(HostSettings.DataFolder)}";

    public static string PostgresKey => $"{HostSettings.Section}:{nameof(HostSettings.Postgres)}";

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
