using AiCd.Actors.Jobs;
using AiCd.Actors.Journal;
using AiCd.Actors.Runtime;

namespace AiCd.Actors.Stages;

internal sealed class StageCommands(
    JobId job,
    Func<JobId, JobCommand, IReadOnlyList<ArtifactContent>, CancellationToken, Task<CommandResult>> send) : IStageCommands
{
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
