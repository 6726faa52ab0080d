using System.CommandLine;
using AiCd.Actors.Jobs;
using AiCd.Host.CommandLine;
using AiCd.Host.Commands.Inspecting;
using AiCd.Host.Jobs;
using AiCd.Host.Output;

namespace AiCd.Host.Commands;

/// <summary><c>aicd jobs</c>: reads the store, also while another process writes to it.</summary>
internal static class JobsCommand
{
    private static readonly Option<bool> Json = SharedOptions.Json("Print JSON");
    private static readonly Argument<string> Job = JobArgument.Argument;
    private static readonly Option<int> Limit = SharedOptions.WholeNumber("--limit", "N", 1, 10_000, 20, "At most so many, the newest first");
    private static readonly Option<JobState?> State = new("--state")
    {
        HelpName = "STATE",
        Description = $"Only jobs in this state: {string.Join(", ", WireNames.All<JobState>())}",
        CompletionSources = { _ => WireNames.All<JobState>().Select(name => new System.CommandLine.Completions.CompletionItem(name)) },
        CustomParser = result =>
        {
            var text = result.Tokens.Count > 0 ? result.Tokens[0].Value : "";
            if (WireNames.TryParse<JobState>(text.ToUpperInvariant(), out var state))
            {
                return state;
            }

            result.AddError($"--state: expected one of {string.Join(", ", WireNames.All<JobState>())}, got '{text}'");
            return null;
        },
    };

    public static Command Create(Screen screen) => new("jobs", "Look at the jobs of a data folder, a cluster or a server") { List(screen), Show(screen) };

    public static Command List(Screen screen)
    {
        var list = new Command("list", "List jobs, the newest first") { State, Limit, Json, SharedOptions.Server, SharedOptions.Postgres };
        list.SetAction((arguments, interrupted) => ListAsync(screen, arguments, interrupted));
        return list.WithExamples("aicd list", "aicd list --state FAILED --limit 5", "aicd list --json");
    }

    public static Command Show(Screen screen)
    {
        var show = new Command("show", "Show a job: state, history, attempts, artifacts, pull request, failure") { Job, Json, SharedOptions.Server, SharedOptions.Postgres };
        show.SetAction((arguments, interrupted) => ShowAsync(screen, arguments, interrupted));
        return show.WithExamples("aicd show 01k9z3m7c", "aicd show 01k9z3m7c --json");
    }

    private static async Task<int> ListAsync(Screen screen, ParseResult arguments, CancellationToken interrupted)
    {
        await using var source = await JobAccess.OpenSourceAsync(screen, arguments, live: false, interrupted);
        var jobs = await source.ListAsync(arguments.GetValue(State), arguments.GetValue(Limit), interrupted);
        if (arguments.GetValue(Json))
        {
            JobListText.WriteJson(jobs);
        }
        else
        {
            JobListText.Write(jobs);
        }

        return ExitCodes.Done;
    }

    private static Task<int> ShowAsync(Screen screen, ParseResult arguments, CancellationToken interrupted) =>
        JobArgument.ReadAsync(screen, arguments, live: false, async (jobs, id) =>
        {
            var details = await JobDetails.ReadAsync(jobs.ReadAsync(id, interrupted), id);
            if (arguments.GetValue(Json))
            {
                JobDetailsText.WriteJson(details);
            }
            else
            {
                JobDetailsText.Write(details);
            }

            return ExitCodes.Done;
        }, interrupted);
}
