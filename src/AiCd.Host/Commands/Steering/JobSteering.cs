using AiCd.Actors.Jobs;
using AiCd.Actors.Jobs.Payloads;
using AiCd.Actors.Runtime;
using AiCd.Actors.Stages;
using AiCd.Host.CommandLine;
using AiCd.Host.Composition;
using AiCd.Host.Jobs;
using Microsoft.Extensions.Logging;

namespace AiCd.Host.Commands.Steering;

/// <summary>Gives one command to one job of a store that no other process writes to.</summary>
internal sealed class JobSteering(CommandScope scope, CancellationToken interrupted)
{
    /// <param name="job">A job's id or a unique beginning of it.</param>
    /// <param name="decide">The command for the job as it stands; may refuse by an exception.</param>
    /// <returns>The job as the command left it.</returns>
    /// <exception cref="CommandException">The job refuses the command, or there is none.</exception>
    public async Task<Job> SendAsync(string job, Func<Job, DateTimeOffset, JobCommand> decide)
    {
        var store = await scope.Get<StoreOpener>().OpenAsync(interrupted);
        var id = await JobFinder.FindAsync(store, job, "JOB", interrupted);
        var time = scope.Get<TimeProvider>();
        await using var node = await EngineNode.StartAsync(
            new PausedStore(store), scope.Get<IStageWork>(), scope.Get<EngineOptions>(), recover: false, time, scope.Get<ILogger<EngineNode>>(), interrupted);
        var found = await node.Gateway.FindAsync(id, interrupted) ?? throw new CommandException(ExitCodes.BadInput, $"JOB: there is no job {id}");
        var at = DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds());

        // Not cancelled from here on: whoever interrupts this moment must still hear what became of the command.
        return await node.Gateway.SendAsync(id, decide(found, at), cancellationToken: CancellationToken.None) switch
        {
            CommandResult.Applied applied => applied.Job,
            CommandResult.Refused refused => throw new CommandException(ExitCodes.Refuted, $"Job {id}: {refused.Refusal.Message}"),
            _ => throw new CommandException(ExitCodes.Environment, $"Job {id}: the command is recorded, and no node has handled it yet"),
        };
    }

    /// <returns>The plan that waits for approval.</returns>
    public static string ProposedPlanOf(Job job) =>
        job.ProposedPlan?.Artifacts.FirstOrDefault(artifact => artifact.Kind == ArtifactKinds.Plan)?.Sha256
        ?? throw new CommandException(ExitCodes.Refuted, $"Job {job.Id} has no plan that waits for approval: it is {WireNames.Of(job.State)}");
}
