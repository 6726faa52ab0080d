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
        if (!lease.CanHoldFor(timeout))
        {
            throw new StageException(FaultKind.Permanent, "lease_too_short", $"An effect may take {timeout}, and the node's lease never holds that long");
        }

        // Just after a renewal that is the case; a node that cannot renew has other troubles than this effect.
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

    public async Task SettleAsync(JobCommand command, CancellationToken cancellationToken)
    {
        switch (await send(job, command, [], cancellationToken))
        {
            case CommandResult.Refused { Refusal: { Code: not RefusalCodes.AlreadyDone } refusal }:
                throw new SupersededException(refusal.Message);
            case CommandResult.Pending:
                throw new StageException(FaultKind.Ignorable, "not_settled", "The node that owns the job has not answered yet, and nothing may begin before it has");
        }
    }

    public Task SendAsync(JobCommand command, CancellationToken cancellationToken) => RecordAsync(command, [], cancellationToken);

    public async Task<Job?> RecordAsync(JobCommand command, IReadOnlyList<ArtifactContent> contents, CancellationToken cancellationToken) =>
        await send(job, command, contents, cancellationToken) switch
        {
            CommandResult.Applied applied => applied.Job,
            CommandResult.Refused { Refusal: { Code: not RefusalCodes.AlreadyDone } refusal } => throw new SupersededException(refusal.Message),
            _ => null,
        };
}

/// <summary>The job refused what its attempt said: another attempt counts, or the job has ended. There is nothing left to do.</summary>
public sealed class SupersededException(string message) : Exception(message);
