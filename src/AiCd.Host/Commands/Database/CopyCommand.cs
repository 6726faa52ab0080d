using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization;
using AiCd.Host.CommandLine;
using AiCd.Host.Output;
using AiCd.Host.StoreCare;
using AiCd.Host.StoreCare.Copying;

namespace AiCd.Host.Commands.Database;

/// <summary><c>aicd db copy</c>: from the embedded store to a cluster's, or back, without losing history.</summary>
internal static class CopyCommand
{
    private static readonly Option<string> From = DatabaseOptions.Engine("--from", "Where the history is");
    private static readonly Option<string> To = DatabaseOptions.Engine("--to", "An empty store that takes it");

    public static Command Create(Screen screen)
    {
        var command = new Command("copy", "Copy a whole store into an empty one: all of it, verified, or nothing") { From, To, DatabaseOptions.Json, SharedOptions.Postgres };
        command.SetAction((arguments, interrupted) => RunAsync(screen, arguments, interrupted));
        return command.WithExamples("AiCd__Postgres='Host=db;Database=aicd;Username=aicd;Password=...' aicd db copy --from sqlite --to postgres --data ./data");
    }

    public static void Write(CopySummary summary, StoreAddress target, bool json)
    {
        if (json)
        {
            Screen.Line(JsonSerializer.Serialize(new CopyLine(target.Name, summary.Rows, summary.Jobs, summary.Unreadable), CopyJson.Default.CopyLine));
            return;
        }

        Screen.Line($"{summary.Rows["journal"]} events of {summary.Jobs} jobs are in {TerminalText.Line(target.Name)}, and every job replays to what it was");
        if (summary.Unreadable > 0)
        {
            Screen.Line($"Of these, {summary.Unreadable} could not be replayed before either: `aicd db check` names them");
        }
    }

    private static async Task<int> RunAsync(Screen screen, ParseResult arguments, CancellationToken interrupted)
    {
        var scope = DatabaseScope.Create(arguments);
        var (from, to) = (scope.Find(arguments.GetValue(From)!, "--from"), scope.Find(arguments.GetValue(To)!, "--to"));
        if (from == to)
        {
            throw CommandException.BadInput($"--to: expected another store than --from, got '{arguments.GetValue(To)}' for both");
        }

        var summary = await StoreMove.FromStoreAsync(from, to, TimeProvider.System, screen.Note, interrupted);
        Write(summary, to, arguments.GetValue(DatabaseOptions.Json));
        return ExitCodes.Done;
    }
}

internal sealed record CopyLine(string Store, IReadOnlyDictionary<string, long> Rows, int Jobs, int Unreadable);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(CopyLine))]
internal sealed partial class CopyJson : JsonSerializerContext;
