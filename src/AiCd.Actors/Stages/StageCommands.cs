using AiCd.Actors.Jobs;
using AiCd.Actors.Journal;
using AiCd.Actors.Ports;
using AiCd.Actors.Runtime;
using AiCd.Actors.Runtime.Cluster;

namespace AiCd.Actors.Stages;

internal sealed class StageCommands(
    JobId job,
    Func<JobId, JobCommand, IReadOnlyList<ArtifactContent>, CancellationToken, Task<CommandResult>> send,
    LeaseClock lease,
    TimeProvider time) : IStageCommands
{
    public async Task ActAsync(TimeSpan timeout, Func<CancellationToken, Task> effect, CancellationToken cancellationToken)
    {
        if (!await lease.OutlastsAsync(timeout, cancellationToken))
        {
            throw new StageException(FaultKind.Transient, "lease_too_short", $"The node's lease holds for {lease.Remaining}, the effect may take {timeout}");
        }

        using var clock = new CancellationTokenSource(timeout, time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, clock.Token);
        try
        {
            await effect(limit.Token);
        }
        catch (OperationCanceledException error) when (!cancellationToken.IsCancellationRequested)
        {
            throw new StageException(FaultKind.Timeout, FailureCodes.Timeout, $"The effect took longer than {timeout}", error);
        }
    }

    public async Task SendAsync(JobCommand command, CancellationToken cancellationToken)
    {
        if (await send(job, command, [], cancellationToken) is CommandResult.Refused { Refusal: var refusal }
            && refusal.Code != RefusalCodes.AlreadyDone)
        {
            throw new SupersededException(refusal.Message);
        }
    }
}

/// <summary>The job refused what its attempt said: another attempt counts, or the job has ended. There is nothing left to do.</summary>
public sealed class SupersededException(string message) : Exception(message);
