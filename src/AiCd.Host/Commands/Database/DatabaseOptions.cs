using System.CommandLine;
using AiCd.Host.CommandLine;

namespace AiCd.Host.Commands.Database;

internal static class DatabaseOptions
{
    public static Option<bool> Json { get; } = SharedOptions.Json("Print JSON");

    public static Option<string> Engine(string name, string description) => new(name)
    {
        HelpName = $"{DatabaseScope.Sqlite}|{DatabaseScope.Postgres}",
        Description = description,
        Required = true,
        CompletionSources = { DatabaseScope.Sqlite, DatabaseScope.Postgres },
    };
}
