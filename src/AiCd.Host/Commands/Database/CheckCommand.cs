using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization;
using AiCd.Host.CommandLine;
using AiCd.Host.Output;
using AiCd.Host.StoreCare;
using AiCd.Host.StoreCare.Checking;

namespace AiCd.Host.Commands.Database;

/// <summary><c>aicd db check</c>: whether everything in a store is as its journal says.</summary>
internal static class CheckCommand
{
    private static readonly Option<bool> Pruned = new("--pruned")
    {
        Description = "Positions without an event are those of pruned histories, and no problem [default: where AiCd:Retention:Histories is set]",
    };

    public static Command Create()
    {
        var command = new Command("check", "Compare everything in the store with its journal; exit code 1 where something differs") { Pruned, DatabaseOptions.Json, SharedOptions.Postgres };
        command.SetAction(RunAsync);
        return command.WithExamples("aicd db check", "aicd db check --json");
    }

    public static async Task<StoreReport> RunAsync(StoreAddress address, bool pruned, CancellationToken cancellationToken)
    {
        await using var tables = await address.ReadTablesAsync(cancellationToken);
        (await StoreSchema.ReadAsync(tables, address.Scripts, cancellationToken)).ThrowIfDifferent(address.Name);
        await using var store = await address.OpenBesideAsync(TimeProvider.System, cancellationToken);
        return await new StoreCheck(tables, store, pruned, TimeProvider.System).RunAsync(cancellationToken);
    }

    public static void Write(StoreReport report)
    {
        Screen.Line($"{report.Events} events of {report.Jobs} jobs ({report.ActiveJobs} of them to be recovered), {report.Artifacts} artifacts ({report.Unreferenced} that no job holds)");
        if (report.Gaps > 0)
        {
            Screen.Line($"{report.Gaps} positions have no event, as histories that were pruned leave them");
        }

        if (report.Lag > 0)
        {
            Screen.Line($"The read model has yet to take in {report.Lag} events; a node does so when it starts");
        }

        foreach (var problem in report.Problems)
        {
            Screen.Line($"{problem.Code,-19}  {TerminalText.Line(problem.Message, 1_000)}");
        }

        Screen.Line(report.Problems.Count == 0 ? "Sound" : $"{report.Problems.Count} problems");
    }

    private static async Task<int> RunAsync(ParseResult arguments, CancellationToken interrupted)
    {
        var scope = DatabaseScope.Create(arguments);
        var report = await RunAsync(scope.Store, arguments.GetValue(Pruned) || scope.PrunesHistories, interrupted);
        if (arguments.GetValue(DatabaseOptions.Json))
        {
            Screen.Line(JsonSerializer.Serialize(report, CheckJson.Default.StoreReport));
        }
        else
        {
            Write(report);
        }

        return report.Problems.Count == 0 ? ExitCodes.Done : ExitCodes.Refuted;
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(StoreReport))]
internal sealed partial class CheckJson : JsonSerializerContext;
