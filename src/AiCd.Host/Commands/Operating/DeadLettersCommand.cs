using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using AiCd.Host.CommandLine;
using AiCd.Host.Commands.Inspecting;
using AiCd.Host.Output;
using AiCd.Web.Json;
using AiCd.Web.Operations;

namespace AiCd.Host.Commands.Operating;

/// <summary><c>aicd deadletters</c>: what goes on only when somebody looks at it.</summary>
internal static class DeadLettersCommand
{
    private static readonly Option<int> Limit = SharedOptions.WholeNumber("--limit", "N", 1, 1_000, 100, "How many of each kind");
    private static readonly Argument<string> Kind = new("KIND") { Description = $"{DeadLetters.OfJob}, {DeadLetters.OfDelivery} or {DeadLetters.OfNotification}" };
    private static readonly Argument<string> Id = new("ID") { Description = "As the list shows it" };

    public static Command Create(Screen screen)
    {
        var redrive = new Command("redrive", "Try one of them once more") { Kind, Id, JobArgument.Json, SharedOptions.Server, SharedOptions.Postgres };
        redrive.SetAction((arguments, interrupted) => RunAsync(screen, arguments, forChange: true, async installation =>
            [await installation.RedriveAsync(arguments.GetValue(Kind)!, arguments.GetValue(Id)!, interrupted)], interrupted));
        var command = new Command("deadletters", "List quarantined jobs, and deliveries and notifications that were given up")
        {
            Limit, JobArgument.Json, SharedOptions.Server, SharedOptions.Postgres, redrive.WithExamples("aicd deadletters redrive job 01k9z3m7c0000000"),
        };
        command.SetAction((arguments, interrupted) => RunAsync(screen, arguments, forChange: false, installation =>
            installation.DeadLettersAsync(arguments.GetValue(Limit), interrupted), interrupted));
        return command.WithExamples("aicd deadletters", "aicd deadletters --json", "aicd deadletters redrive notification chat.01k9z3m7cq2v4x0x.9");
    }

    private static async Task<int> RunAsync(
        Screen screen, ParseResult arguments, bool forChange, Func<IInstallation, Task<IReadOnlyList<DeadLetter>>> read, CancellationToken interrupted)
    {
        await using var installation = await InstallationAccess.OpenAsync(screen, arguments, forChange, interrupted);
        var letters = await read(installation);
        if (arguments.GetValue(JobArgument.Json))
        {
            Screen.Line(forChange ? JsonSerializer.Serialize(letters[0], WebJson.Options) : JsonSerializer.Serialize(letters, WebJson.Options));
        }
        else if (letters.Count == 0)
        {
            Screen.Line("No dead letters");
        }
        else
        {
            Write(letters);
        }

        return ExitCodes.Done;
    }

    private static void Write(IReadOnlyList<DeadLetter> letters)
    {
        var width = letters.Max(letter => letter.Id.Length);
        Screen.Line($"{"KIND",-12}  {"ID".PadRight(width)}  {"TENANT",-12}  {"SINCE (UTC)",-16}  WHAT");
        foreach (var letter in letters)
        {
            var since = letter.At is { } at ? at.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) : "";
            Screen.Line($"{letter.Kind,-12}  {TerminalText.Line(letter.Id).PadRight(width)}  {TerminalText.Line(letter.Tenant ?? "", 12),-12}  {since,-16}  {TerminalText.Line($"{letter.What}: {letter.Reason}", 300)}");
        }
    }
}
