using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization;
using AiCd.Actors.Hosting.Doctor;
using AiCd.Actors.Hosting.Settings;
using AiCd.Actors.Journal.InMemory;
using AiCd.Host.CommandLine;
using AiCd.Host.Composition;
using AiCd.Host.Doctor;
using AiCd.Host.Output;
using Spectre.Console;

namespace AiCd.Host.Commands.Diagnosing;

/// <summary><c>aicd doctor</c>: whether a node would find here what it needs, and how to mend what it would not.</summary>
internal static class DoctorCommand
{
    private static readonly Option<bool> Json = SharedOptions.Json("Print JSON");

    public static Command Create(Screen screen)
    {
        var command = new Command("doctor", "Check settings, store, machine and credentials, and say how to mend what is wrong; exit code 3 where something is") { Json, SharedOptions.Postgres };
        command.SetAction((arguments, interrupted) => RunAsync(screen, arguments, interrupted));
        return command.WithExamples("aicd doctor", "aicd doctor --data ./data --json");
    }

    private static async Task<int> RunAsync(Screen screen, ParseResult arguments, CancellationToken interrupted)
    {
        var findings = await DiagnoseAsync(screen, arguments, interrupted);
        if (arguments.GetValue(Json))
        {
            Screen.Line(JsonSerializer.Serialize(
                [.. findings.Select(found => new DoctorLine(found.Name, NameOf(found.Finding.Outcome), found.Finding.Found, found.Finding.Remedy))],
                DoctorJson.Default.IReadOnlyListDoctorLine));
        }
        else
        {
            foreach (var found in findings)
            {
                Write(screen, found);
            }
        }

        return findings.Any(found => found.Finding.Outcome == DoctorOutcome.Failed) ? ExitCodes.Environment : ExitCodes.Done;
    }

    private static async Task<IReadOnlyList<Diagnosed>> DiagnoseAsync(Screen screen, ParseResult arguments, CancellationToken interrupted)
    {
        CommandScope scope;
        try
        {
            scope = CommandScope.Create(screen, arguments);
        }
        catch (SettingsException settings)
        {
            return [.. settings.Problems.Select(problem => new Diagnosed("settings", DoctorFinding.Failed(problem, "correct it in appsettings.json or in the environment")))];
        }

        await using (scope)
        {
            // Requests keep their pace by a store. A look leaves nothing behind, so it is given one that ends with it.
            scope.Get<OpenedStore>().Store = new InMemoryStore(time: scope.Get<TimeProvider>());
            var checks = scope.Get<IEnumerable<IDoctorCheck>>();
            return [new Diagnosed("settings", DoctorFinding.Ok("all are within their ranges")), .. await Diagnosis.RunAsync(checks, interrupted)];
        }
    }

    private static void Write(Screen screen, Diagnosed found)
    {
        var (name, finding) = (NameOf(found.Finding.Outcome), found.Finding);
        var text = $"{found.Name,-15}  {TerminalText.Line(finding.Found, 1_000)}";
        if (screen.HasColours)
        {
            screen.Terminal.Write(new Text($"{name,-7}", StyleOf(finding.Outcome)));
            Screen.Line($"  {text}");
        }
        else
        {
            Screen.Line($"{name,-7}  {text}");
        }

        if (finding.Remedy is { } remedy)
        {
            Screen.Line($"{"",-26}to mend it: {TerminalText.Line(remedy, 1_000)}");
        }
    }

    private static string NameOf(DoctorOutcome outcome) => outcome switch
    {
        DoctorOutcome.Ok => "ok",
        DoctorOutcome.Warning => "warning",
        _ => "failed",
    };

    private static Style StyleOf(DoctorOutcome outcome) => new(outcome switch
    {
        DoctorOutcome.Ok => Color.Green,
        DoctorOutcome.Warning => Color.Olive,
        _ => Color.Red,
    });
}

internal sealed record DoctorLine(string Name, string Outcome, string Found, string? Remedy);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(IReadOnlyList<DoctorLine>))]
internal sealed partial class DoctorJson : JsonSerializerContext;
