using AiCd.Actors.Jobs;
using AiCd.Actors.Journal;
using AiCd.Actors.Ports;
using AiCd.Actors.Runtime;
using AiCd.Actors.Stages;
using AiCd.Forge.GitHub.Board;
using AiCd.Host.Logging;
using AiCd.Host.Output;
using Microsoft.Extensions.Logging;

namespace AiCd.Host.Driving;

/// <summary>Drives one job to its end on a node that brings back no other; where other nodes live to drive it, it looks on.</summary>
internal sealed class JobDriver(
    IStore store, IStageWork work, EngineOptions options, Housekeeping housekeeping, IssueBoard board, TimeProvider time, ILogger<EngineNode> nodeLogger,
    ILogger<JobDriver> logger)
{
    // Whoever presses Ctrl-C wants the prompt back; what is cut short stays owed.
    private static readonly TimeSpan GraceOnInterrupt = TimeSpan.FromSeconds(1);

    /// <param name="begin">Submits the job or wakes one that is there.</param>
    /// <param name="watch">Called once the job is there.</param>
    /// <param name="interrupted">Leaves the job owed.</param>
    /// <returns>The job as far as it came.</returns>
    public async Task<JobStory> DriveAsync(
        Func<IJobGateway, CancellationToken, Task<JobId>> begin, Func<IJobWatcher> watch, CancellationToken interrupted)
    {
        await using var node = await EngineNode.StartAsync(store, work, options, recover: false, time, nodeLogger, interrupted);
        using var follower = new JobFollower(store, node.Feed, node.Feed.Subscribe(job: null), time, logger);
        var story = new JobStory(await begin(node.Gateway, interrupted));
        await using var watcher = watch();
        try
        {
            await foreach (var signal in follower.FollowAsync(story.Id, interrupted))
            {
                Show(signal, story, watcher);
                if (await WaitsForMoneyAsync(node.Gateway, story, interrupted))
                {
                    // Nothing moves it until somebody raises the budget.
                    break;
                }
            }

            await node.StopAsync(TimeSpan.Zero);
            await ShowOnIssueAsync(story, interrupted);
            await housekeeping.RunAsync(interrupted);
        }
        catch (OperationCanceledException) when (interrupted.IsCancellationRequested)
        {
            await node.StopAsync(GraceOnInterrupt);
            await foreach (var last in follower.RestAsync(story.Id, CancellationToken.None))
            {
                Show(last, story, watcher);
            }
        }

        return story;
    }

    /// <summary>As it stands now: a hold in the middle of its history is over.</summary>
    private static async Task<bool> WaitsForMoneyAsync(IJobGateway gateway, JobStory story, CancellationToken cancellationToken) =>
        story.Job is { BudgetHold: not null, Seq: var seq } && (await gateway.FindAsync(story.Id, cancellationToken))?.Seq == seq;

    /// <summary>The issue tells how its job ended; where that cannot be shown, the job has ended all the same.</summary>
    private async Task ShowOnIssueAsync(JobStory story, CancellationToken cancellationToken)
    {
        try
        {
            await board.ReconcileAsync(story.Job!, cancellationToken);
        }
        catch (StageException error)
        {
            HostLog.StatusNotShown(logger, error, story.Id.Value);
        }
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
}
