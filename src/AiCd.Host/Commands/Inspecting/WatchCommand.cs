using System.CommandLine;
using AiCd.Actors.Jobs;
using AiCd.Actors.Runtime;
using AiCd.Host.CommandLine;
using AiCd.Host.Driving;
using AiCd.Host.Jobs;
using AiCd.Host.Output;

namespace AiCd.Host.Commands.Inspecting;

/// <summary><c>aicd watch</c>: a job that another process drives, until it ends.</summary>
internal static class WatchCommand
{
    private static readonly Option<bool> Json = SharedOptions.Json("Print JSON lines: every event, and the result at the end");

    public static Command Create(Screen screen)
    {
        var command = new Command("watch", "Watch a job live until it ends") { JobArgument.Argument, Json, SharedOptions.Server, SharedOptions.Postgres };
        command.SetAction((arguments, interrupted) => JobArgument.ReadAsync(screen, arguments, live: true, (jobs, id) =>
            RunAsync(screen, jobs, id, arguments.GetValue(Json), interrupted), interrupted));
        return command.WithExamples("aicd watch 01k9z3m7c", "aicd watch 01k9z3m7c --json | tail -n 1");
    }

    private static async Task<int> RunAsync(Screen screen, IJobSource jobs, JobId id, bool json, CancellationToken interrupted)
    {
        var story = new JobStory(id);
        await using (var watcher = Watchers.For(screen, TimeProvider.System, json))
        {
            await NoteStandstillAsync(screen, jobs, id, interrupted);
            await foreach (var signal in jobs.FollowAsync(id, interrupted))
            {
                Show(signal, story, watcher);
            }
        }

        if (json)
        {
            JsonLines.Result(story);
        }
        else
        {
            await new JobSummary(jobs.ArtifactsOf(id)).WriteAsync(story, jobs.Place, CancellationToken.None);
        }

        return story.Job?.State == JobState.Completed ? ExitCodes.Done : ExitCodes.JobFailed;
    }

    private static void Show(JobSignal signal, JobStory story, IJobWatcher watcher)
    {
        if (signal is JobRecorded recorded)
        {
            story.Add(recorded);
            watcher.Recorded(recorded, story.Job!);
        }
        else if (signal is JobProgressed progressed)
        {
            watcher.Progressed(progressed);
        }
    }

    private static async Task NoteStandstillAsync(Screen screen, IJobSource jobs, JobId id, CancellationToken cancellationToken)
    {
        if (await jobs.IsDrivenAsync(cancellationToken))
        {
            return;
        }

        if ((await JobDetails.ReadAsync(jobs.ReadAsync(id, cancellationToken), id)).Job?.State.IsTerminal() == false)
        {
            screen.Note("Note: no node runs on the store; the job stands still until `aicd serve` or `aicd run --resume` goes on with it");
        }
    }
}
