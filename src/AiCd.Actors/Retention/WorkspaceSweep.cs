using AiCd.Actors.Jobs;
using AiCd.Actors.Journal;
using AiCd.Actors.Ports;
using AiCd.Actors.Telemetry;
using Microsoft.Extensions.Logging;

namespace AiCd.Actors.Retention;

/// <summary>Removes what jobs left on this machine once their retention is over: worktrees of attempts that were cut short, pinned commits.</summary>
public sealed class WorkspaceSweep(IWorkspaces workspaces, IStore store, RetentionOptions options, TimeProvider time, ILogger<WorkspaceSweep> logger)
{
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var left = (await workspaces.ListAsync(cancellationToken)).ToHashSet();
        var ended = new List<Job>();
        foreach (var chunk in left.Chunk(options.BatchSize).ToList())
        {
            await foreach (var replay in JobReplay.FoldAsync(store.Journal.ReadJobsAsync(chunk, cancellationToken), cancellationToken))
            {
                left.Remove(replay.Id);
                if (replay.Job is { IsActive: false } job)
                {
                    ended.Add(job);
                }
            }
        }

        var limits = options.LimitsAt(time.GetUtcNow());
        var completed = ended.Where(job => job.State == JobState.Completed).OrderByDescending(job => job.UpdatedAt).ToList();
        var expired = completed.Where((job, rank) => rank >= limits.MaxCompleted || job.UpdatedAt < limits.CompletedBefore)
            .Concat(ended.Where(job => job.State != JobState.Completed && job.UpdatedAt < limits.FailedBefore))
            .Select(job => job.Id);

        // The rest has no history: it was pruned by another node, or the folder has served another store, which may still want it.
        var forgotten = left.Where(job => job.MadeAt < limits.FailedBefore);
        foreach (var job in expired.Concat(forgotten))
        {
            await RemoveAsync(job, cancellationToken);
        }
    }

    /// <summary>Failing costs disk space and nothing else: it is logged, and tried again at the next pass.</summary>
    private async Task RemoveAsync(JobId job, CancellationToken cancellationToken)
    {
        try
        {
            await workspaces.RemoveAsync(job, cancellationToken);
        }
        catch (Exception error) when (error is StageException or IOException or UnauthorizedAccessException)
        {
            RuntimeLog.WorkspaceLeft(logger, error, job.Value);
        }
    }
}
