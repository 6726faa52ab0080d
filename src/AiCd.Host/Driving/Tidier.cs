using AiCd.Actors.Jobs;
using AiCd.Actors.Ports;
using AiCd.Host.Logging;
using Microsoft.Extensions.Logging;

namespace AiCd.Host.Driving;

/// <summary>Removes what a job that has ended left on this machine: worktrees of attempts that were cut short, pinned commits.</summary>
internal sealed class Tidier(IWorkspaces workspaces, ILogger<Tidier> logger)
{
    /// <summary>Failing costs disk space and nothing else: it is logged.</summary>
    public async Task TidyAsync(JobId job, CancellationToken cancellationToken)
    {
        try
        {
            await workspaces.RemoveAsync(job, cancellationToken);
        }
        catch (Exception error) when (error is StageException or IOException or UnauthorizedAccessException)
        {
            HostLog.NotTidied(logger, error, job.Value);
        }
    }
}
