using AiCd.Actors.Journal;
using AiCd.Actors.Ports;
using AiCd.Actors.Retention;
using AiCd.Host.Composition;
using AiCd.Host.Logging;
using Microsoft.Extensions.Logging;

namespace AiCd.Host.Driving;

/// <summary>
/// Where no server does it every so often, a command that has driven a job removes what is kept no longer: in the data folder always,
/// in the store where that lies in the folder too.
/// </summary>
internal sealed class Housekeeping(
    IStore store, OpenedStore opened, RetentionPass pass, WorkspaceSweep sweep, TimeProvider time, ILogger<Housekeeping> logger)
{
    // Somebody waits for the prompt; what is left over goes after the next job.
    private static readonly TimeSpan Enough = TimeSpan.FromSeconds(2);

    /// <summary>Failing costs disk space and nothing else: it is logged.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var enough = new CancellationTokenSource(Enough, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(enough.Token, cancellationToken);
        try
        {
            if (!store.IsShared)
            {
                await pass.RunAsync([.. Enumerable.Range(0, store.ShardCount)], stop.Token);
            }

            if (!store.IsShared || opened.Folder is not null)
            {
                await sweep.RunAsync(stop.Token);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            HostLog.HousekeepingCutShort(logger);
        }
        catch (Exception error) when (error is JournalException or StageException or IOException or UnauthorizedAccessException)
        {
            HostLog.HousekeepingFailed(logger, error);
        }
    }
}
