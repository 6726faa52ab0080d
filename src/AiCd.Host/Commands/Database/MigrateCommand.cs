using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization;
using AiCd.Actors.Journal;
using AiCd.Host.CommandLine;
using AiCd.Host.Output;
using AiCd.Host.StoreCare;

namespace AiCd.Host.Commands.Database;

/// <summary><c>aicd db migrate</c>: brings a store up to this version before any node does, or says what that would take.</summary>
internal static class MigrateCommand
{
    private static readonly Option<bool> Pending = new("--pending") { Description = "Change nothing: list the scripts that the store lacks; exit code 1 where there are any" };

    public static Command Create()
    {
        var command = new Command("migrate", "Make the store, or bring it up to this version") { Pending, DatabaseOptions.Json, SharedOptions.Postgres };
        command.SetAction(RunAsync);
        return command.WithExamples("aicd db migrate", "aicd db migrate --pending");
    }

    private static async Task<int> RunAsync(ParseResult arguments, CancellationToken interrupted)
    {
        var store = DatabaseScope.Create(arguments).Store;
        var before = await PendingOfAsync(store, interrupted);
        var only = arguments.GetValue(Pending);
        if (!only)
        {
            await using var opened = await store.OpenAsync(StoreDefaults.ShardCount, TimeProvider.System, interrupted);
        }

        if (arguments.GetValue(DatabaseOptions.Json))
        {
            var names = before.Select(script => $"{script.Module}/{script.Number:0000}_{script.Name}").ToList();
            Screen.Line(JsonSerializer.Serialize(new MigrationLine(store.Name, only ? [] : names, only ? names : []), MigrationJson.Default.MigrationLine));
        }
        else
        {
            Write(store, before, only ? "pending" : "applied");
        }

        return only && before.Count > 0 ? ExitCodes.Refuted : ExitCodes.Done;
    }

    private static void Write(StoreAddress store, IReadOnlyList<MigrationScript> scripts, string what)
    {
        foreach (var script in scripts)
        {
            Screen.Line($"{what}  {script.Module} {script.Number:0000} {script.Name}");
        }

        if (scripts.Count == 0)
        {
            Screen.Line($"Up to date: {TerminalText.Line(store.Name)}");
        }
    }

    private static async Task<IReadOnlyList<MigrationScript>> PendingOfAsync(StoreAddress store, CancellationToken cancellationToken)
    {
        if (!store.MayExist)
        {
            return store.Scripts;
        }

        var schema = await StoreSchema.ReadAsync(store, cancellationToken);
        if (schema.IsNewer)
        {
            schema.ThrowIfDifferent(store.Name);
        }

        return schema.Pending;
    }
}

internal sealed record MigrationLine(string Store, IReadOnlyList<string> Applied, IReadOnlyList<string> Pending);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(MigrationLine))]
internal sealed partial class MigrationJson : JsonSerializerContext;
