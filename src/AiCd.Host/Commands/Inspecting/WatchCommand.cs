using System.CommandLine;
using AiCd.Actors.Jobs;
using AiCd.Actors.Journal;
using AiCd.Host.CommandLine;
using AiCd.Host.Composition;
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
        var command = new Command("watch", "Watch a job live until it ends") { JobArgument.Argument, Json, SharedOptions.Postgres };
        command.SetAction((arguments, interrupted) => JobArgument.ReadAsync(screen, arguments, (scope, store, id) =>
            RunAsync(screen, scope, store, id, arguments.GetValue(Json), interrupted), interrupted));
        return command.WithExamples("aicd watch 01k9z3m7c", "aicd watch 01k9z3m7c --json | tail -n 1");
    }

    private static async Task<int> RunAsync(Screen screen, CommandScope scope, IStore store, JobId id, bool json, CancellationToken interrupted)
    {
        var time = scope.Get<TimeProvider>();
        var story = new JobStory(id);
        await using (var watcher = Watchers.For(screen, time, json))
        {
            await NoteStandstillAsync(screen, store, id, interrupted);
            await foreach (var (recorded, job) in new StoredJobFollower(store.Journal, time).FollowAsync(id, interrupted))
            {
                story.Add(recorded);
                watcher.Recorded(recorded, job);
            }
        }

        if (json)
        {
            JsonLines.Result(story);
        }
        else
        {
            await scope.Get<JobSummary>().WriteAsync(story, scope.Settings.DataFolder, CancellationToken.None);
        }

        return story.Job?.State == JobState.Completed ? ExitCodes.Done : ExitCodes.JobFailed;
    }

    private static async Task NoteStandstillAsync(Screen screen, IStore store, JobId id, CancellationToken cancellationToken)
    {
        var standing = (await JobDetails.ReadAsync(store.Journal, id, cancellationToken)).Job;
        if (standing?.State.IsTerminal() == false && (await store.Nodes.ReadAsync(cancellationToken)).Nodes.Count == 0)
        {
            screen.Note("Note: no node runs on the store; the job stands still until `aicd serve` or `aicd run --resume` goes on with it");
        }
    }
}
