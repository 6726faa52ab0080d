using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using AiCd.Actors.Retention;
using AiCd.Host.CommandLine;
using AiCd.Host.Composition;
using AiCd.Host.Output;
using AiCd.Host.StoreCare;
using AiCd.Host.StoreCare.Tables;
using Microsoft.Extensions.Logging;

namespace AiCd.Host.Commands.Database;

/// <summary><c>aicd db prune</c>: at once what nodes do by and by: the retention that is configured.</summary>
internal static class PruneCommand
{
    private static readonly Option<string> Histories = new("--histories")
    {
        HelpName = "AGE",
        Description = "Also remove jobs that ended longer ago, with their histories, such as 90.00:00:00 [default: AiCd:Retention:Histories, which is to keep them]",
    };

    public static Command Create(Screen screen)
    {
        var command = new Command("prune", "Remove what is kept no longer, as AiCd:Retention says") { Histories, DatabaseOptions.Json, SharedOptions.Postgres };
        command.SetAction((arguments, interrupted) => RunAsync(screen, arguments, interrupted));
        return command.WithExamples("aicd db prune", "aicd db prune --histories 90.00:00:00");
    }

    private static async Task<int> RunAsync(Screen screen, ParseResult arguments, CancellationToken interrupted)
    {
        await using var scope = CommandScope.Create(screen, arguments, ($"{RetentionOptions.Section}:{nameof(RetentionOptions.Histories)}", Age(arguments)));
        var address = DatabaseScope.Create(arguments).Store;
        var before = await CountAsync(address, interrupted);
        var store = await scope.Get<StoreOpener>().OpenForOneJobAsync(interrupted);
        await new RetentionPass(store, scope.Get<RetentionOptions>(), scope.Get<TimeProvider>(), scope.Get<ILogger<RetentionPass>>())
            .RunAsync([.. Enumerable.Range(0, store.ShardCount)], interrupted);
        var after = await CountAsync(address, interrupted);
        var line = new PruneLine(before.Jobs - after.Jobs, before.Artifacts - after.Artifacts, after.Jobs, after.Artifacts);
        Screen.Line(arguments.GetValue(DatabaseOptions.Json)
            ? JsonSerializer.Serialize(line, PruneJson.Default.PruneLine)
            : $"Removed {line.JobsRemoved} jobs and {line.ArtifactsRemoved} artifacts; {line.Jobs} jobs and {line.Artifacts} artifacts are left");
        return ExitCodes.Done;
    }

    private static string? Age(ParseResult arguments)
    {
        var text = arguments.GetValue(Histories);
        return text is null || TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out _)
            ? text
            : throw CommandException.BadInput($"--histories: expected a time span such as 90.00:00:00, got '{text}'");
    }

    private static async Task<(long Jobs, long Artifacts)> CountAsync(StoreAddress address, CancellationToken cancellationToken)
    {
        await using var tables = await address.ReadTablesAsync(cancellationToken);
        (await StoreSchema.ReadAsync(tables, address.Scripts, cancellationToken)).ThrowIfDifferent(address.Name);
        return (
            await tables.CountAsync(StoreTables.Find(tables, StoreTables.Views), cancellationToken),
            await tables.CountAsync(StoreTables.Find(tables, StoreTables.Artifacts), cancellationToken));
    }
}

internal sealed record PruneLine(long JobsRemoved, long ArtifactsRemoved, long Jobs, long Artifacts);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(PruneLine))]
internal sealed partial class PruneJson : JsonSerializerContext;
