using AiCd.Actors.Budgets;
using AiCd.Actors.Jobs;
using AiCd.Actors.Runtime;
using AiCd.Host.CommandLine;
using AiCd.Host.Composition;
using AiCd.Host.Driving;
using AiCd.Host.Jobs;
using AiCd.Host.Output;
using AiCd.Host.Telemetry;

namespace AiCd.Host.Commands;

/// <summary>Drives one job for somebody who waits for it, and says how it ended.</summary>
internal sealed class JobRun(Screen screen, CommandScope scope, bool json, CancellationToken interrupted)
{
    /// <summary>False where the data folder does not outlive the command.</summary>
    public bool CanResume { get; init; } = true;

    public async Task<int> SubmitAsync(RunRequest request)
    {
        var submission = scope.Get<SubmissionReader>();
        var draft = await submission.ReadAsync(request, interrupted);
        await scope.Get<StoreOpener>().OpenForOneJobAsync(interrupted);
        var job = await submission.ResolveAsync(draft, screen, interrupted);

        // Not cancelled: whoever interrupts this moment must still hear which job was made.
        return await DriveAsync(async (gateway, _) => (await gateway.SubmitAsync(job, CancellationToken.None)).Job);
    }

    /// <param name="id">A job's id or a unique beginning of it.</param>
    public async Task<int> ResumeAsync(string id)
    {
        var store = await scope.Get<StoreOpener>().OpenForOneJobAsync(interrupted);
        var job = await JobFinder.FindAsync(store, id, "--resume", interrupted);
        return await DriveAsync(async (gateway, cancellationToken) =>
        {
            var found = await gateway.WakeAsync(job, cancellationToken);
            if (found?.BudgetHold is { } hold && !await scope.Get<BudgetKeeper>().ReleaseAsync(job, gateway, by: null, cancellationToken))
            {
                throw new CommandException(ExitCodes.JobFailed, $"Job {job} waits for money. {hold}. Raise it with: aicd budget {job} USD");
            }

            found = await gateway.FindAsync(job, cancellationToken);
            return found is null || found.State.IsTerminal() || OwedWork.Of(found) is not null
                ? job
                : throw new CommandException(ExitCodes.JobFailed, $"Job {job} waits in {WireNames.Of(found.State)} for a decision that is not this command's to make");
        });
    }

    private async Task<int> DriveAsync(Func<IJobGateway, CancellationToken, Task<JobId>> begin)
    {
        scope.Get<TelemetryExport>().Start();
        var story = await scope.Get<JobDriver>().DriveAsync(begin, () => Watchers.For(screen, scope.Get<TimeProvider>(), json), interrupted);
        if (json)
        {
            JsonLines.Result(story);
        }
        else
        {
            await scope.Get<JobSummary>().WriteAsync(story, ("Data folder", scope.Settings.DataFolder), CancellationToken.None);
        }

        return Judge(story);
    }

    private int Judge(JobStory story)
    {
        switch (story.Job)
        {
            case { State: JobState.Completed }:
                return ExitCodes.Done;
            case { State: JobState.Failed or JobState.Cancelled }:
                return ExitCodes.JobFailed;
            case { BudgetHold: { } hold }:
                screen.Note($"Job {story.Id} waits for money. {hold}. Raise it with: aicd budget {story.Id} USD, and go on with: aicd run --resume {story.Id}");
                return ExitCodes.JobFailed;
            default:
                screen.Note((CanResume, scope.Settings.IsClustered) switch
                {
                    (false, _) => "Interrupted",
                    (_, true) => $"Interrupted: job {story.Id} goes on where a node lives to drive it. Look on, or go on, with the same database: aicd run --resume {story.Id}",
                    _ => $"Interrupted: job {story.Id} stays owed. Go on with: aicd run --resume {story.Id} --data {Shell.Quote(scope.Settings.DataFolder)}",
                });
                return ExitCodes.Interrupted;
        }
    }
}
