using System.CommandLine;
using System.CommandLine.Completions;
using System.Globalization;
using System.Text.Json;
using AiCd.Actors.Jobs;
using AiCd.Actors.Jobs.Stored;
using AiCd.Host.CommandLine;
using AiCd.Host.CommandLine.Completion;
using AiCd.Host.Output;
using AiCd.Web.Json;
using AiCd.Web.Operations;

namespace AiCd.Host.Commands.Operating;

/// <summary><c>aicd tail</c>: what is recorded of all jobs, as it happens.</summary>
internal static class TailCommand
{
    private static readonly Option<string> Tenant = new("--tenant") { HelpName = "NAME", Description = "Only of this tenant's jobs" };
    private static readonly Option<string> OfJob = new("--job") { HelpName = "JOB", Description = "Only of this job, by its whole id", CompletionSources = { JobSuggestions.Recent } };
    private static readonly Option<string> Event = Named("--event", "EVENT", "Only events of this name", () => JobEventCatalogue.All.Select(type => type.Name));
    private static readonly Option<string> State = Named("--state", "STATE", "Only events that led to this state", WireNames.All<JobState>);
    private static readonly Option<int?> Count = new("--count")
    {
        HelpName = "N",
        Description = "End after so many events [default: when interrupted]",
        CustomParser = result =>
        {
            var text = result.Tokens.Count > 0 ? result.Tokens[0].Value : "";
            if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0)
            {
                return count;
            }

            result.AddError($"--count: expected a whole number from 1, got '{text}'");
            return null;
        },
    };

    private static readonly Option<bool> Json = SharedOptions.Json("Print JSON lines");

    public static Command Create(Screen screen)
    {
        var command = new Command("tail", "Follow the journal of all tenants: what happens, and nothing of what is said") { Tenant, OfJob, Event, State, Count, Json, SharedOptions.Server, SharedOptions.Postgres };
        command.SetAction((arguments, interrupted) => RunAsync(screen, arguments, interrupted));
        return command.WithExamples("aicd tail", "aicd tail --tenant acme --state FAILED", "aicd tail --event PR_OPENED --json");
    }

    private static async Task<int> RunAsync(Screen screen, ParseResult arguments, CancellationToken interrupted)
    {
        var filter = new WatchFilter(
            arguments.GetValue(Tenant),
            arguments.GetValue(OfJob) is { } job ? JobId.TryParse(job, out var id) ? id : throw CommandException.BadInput($"--job: expected a job's whole id, got '{job}'") : null,
            arguments.GetValue(Event)?.ToUpperInvariant(),
            arguments.GetValue(State) is { } state && WireNames.TryParse<JobState>(state.ToUpperInvariant(), out var known) ? known : null);
        await using var installation = await InstallationAccess.OpenAsync(screen, arguments, forChange: false, interrupted);
        var left = arguments.GetValue(Count);
        try
        {
            await foreach (var e in installation.TailAsync(filter, interrupted))
            {
                Screen.Line(arguments.GetValue(Json) ? JsonSerializer.Serialize(e, WebJson.Options) : LineOf(e));
                if (left is { } count && (left = count - 1) == 0)
                {
                    break;
                }
            }
        }
        catch (OperationCanceledException) when (interrupted.IsCancellationRequested && left is null)
        {
            // Without a count that is how it ends.
        }

        return ExitCodes.Done;
    }

    private static string LineOf(WatchedEvent e) => string.Create(
        CultureInfo.InvariantCulture,
        $"{e.At.UtcDateTime:yyyy-MM-dd HH:mm:ss.fff}  {TerminalText.Line(e.Tenant, 16),-16}  {e.JobId,-16}  {e.Seq,4}  {e.Event,-19}  {(e.State is { } state ? WireNames.Of(state) : "unreadable"),-10}  {TerminalText.Line(e.Actor ?? "")}").TrimEnd();

    private static Option<string> Named(string name, string helpName, string description, Func<IEnumerable<string>> names)
    {
        var option = new Option<string>(name) { HelpName = helpName, Description = description, CompletionSources = { _ => names().Select(known => new CompletionItem(known)) } };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var text }] && !names().Contains(text.ToUpperInvariant()))
            {
                result.AddError($"{name}: expected one of {string.Join(", ", names())}, got '{text}'");
            }
        });
        return option;
    }
}
