using System.Reflection;
using Microsoft.Extensions.Logging;

namespace AiCd.Host.Tests.Logging;

public sealed class LogCatalogueTests
{
    private static readonly Assembly[] Assemblies =
        [typeof(Actors.Runtime.EngineNode).Assembly, typeof(Agents.AgentRegistry).Assembly, typeof(Forge.ForgeOptions).Assembly, typeof(Web.HealthEndpoints).Assembly, typeof(Program).Assembly];

    [Fact]
    public void Every_log_line_has_an_event_id_of_its_own()
    {
        var lines = Assemblies
            .SelectMany(assembly => assembly.GetTypes())
            .SelectMany(type => type.GetMethods(BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            .Select(method => (Name: $"{method.DeclaringType!.Name}.{method.Name}", method.GetCustomAttribute<LoggerMessageAttribute>()?.EventId))
            .Where(line => line.EventId is not null)
            .ToList();

        lines.Count.ShouldBeGreaterThan(20);
        lines.Where(line => line.EventId <= 0).ShouldBeEmpty();
        lines.GroupBy(line => line.EventId).Where(same => same.Count() > 1).Select(same => string.Join(", ", same)).ShouldBeEmpty();
    }
}
