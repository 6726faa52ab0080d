using System.CommandLine;
using AiCd.Actors.Jobs;
using AiCd.Actors.Runtime;
using AiCd.Host.CommandLine;
using AiCd.Host.Driving;
using AiCd.Host.Jobs;
using AiCd.Host.Output;

namespace AiCd.Host.Commands.Inspecting;

/// <summary><c>aicd logs</c>: what agents and checks said, between the events of the job.</summary>
internal static class LogsCommand
{
    private static readonly Option<bool> Follow = new("--follow", "-f") { Description = "Go on with what is still to come, until the job ends" };
    private static readonly Option<bool> Json = SharedOptions.Json("Print JSON lines: every transcript, log and check");
    private static readonly Option<Stage?> Stage = new("--stage")
    {
        HelpName = "STAGE",
        Description = $"Only of this stage: {string.Join(", ", WireNames.All<Stage>())}",
        CompletionSources = { _ => WireNames.All<Stage>().Select(name => new System.CommandLine.Completions.CompletionItem(name)) },
        CustomParser = result =>
        {
            var text = result.Tokens.Count > 0 ? result.Tokens[0].Value : "";
            if (WireNames.TryParse<Stage>(text.ToUpperInvariant(), out var stage))
            {
                return stage;
            }

            result.AddError($"--stage: expected one of {string.Join(", ", WireNames.All<Stage>())}, got '{text}'");
            return null;
        },
    };

    public static Command Create(Screen screen)
    {
        var command = new Command("logs", "Show what agents and checks said") { JobArgument.Argument, Follow, Stage, Json, SharedOptions.Server, SharedOptions.Postgres };
        command.SetAction((arguments, interrupted) => JobArgument.ReadAsync(screen, arguments, live: false, (jobs, id) =>
            RunAsync(jobs, id, arguments, interrupted), interrupted));
        return command.WithExamples("aicd logs 01k9z3m7c", "aicd logs 01k9z3m7c --follow", "aicd logs 01k9z3m7c --stage CODING --json");
    }

    private static async Task<int> RunAsync(IJobSource jobs, JobId id, ParseResult arguments, CancellationToken interrupted)
    {
        var (json, wanted) = (arguments.GetValue(Json), arguments.GetValue(Stage));
        var log = new JobLog(jobs.ArtifactsOf(id));
        var story = new JobStory(id);
        var signals = arguments.GetValue(Follow) ? jobs.FollowAsync(id, interrupted) : jobs.ReadAsync(id, interrupted);
        Stage? before = null;
        await foreach (var recorded in signals.OfType<JobRecorded>())
        {
            story.Add(recorded);
            var job = story.Job!;

            // An event that ends an attempt may move the job on: what was said belongs to the stage before.
            var stage = before ?? OwedWork.StageOf(job);
            before = OwedWork.StageOf(job);
            if (wanted is not null && stage != wanted)
            {
                continue;
            }

            if (!json)
            {
                JobLogText.Write(recorded, job);
            }

            foreach (var entry in await log.ReadAsync(recorded, job, stage, interrupted))
            {
                if (json)
                {
                    JobLogText.WriteJson(entry, id);
                }
                else
                {
                    JobLogText.Write(entry);
                }
            }
        }

        return ExitCodes.Done;
    }
}
