using AiCd.Actors.Jobs;
using AiCd.Actors.Jobs.Payloads;
using AiCd.Actors.Runtime;
using AiCd.Actors.Stages;
using AiCd.Host.CommandLine;
using AiCd.Host.Composition;
using AiCd.Host.Jobs;
using Microsoft.Extensions.Logging;

namespace AiCd.Host.Commands.Steering;

/// <summary>
/// Gives one command to one job: of a data folder that no other process writes to, or of a cluster, where it goes to the node that owns
/// the job, or is handled here where no node drives jobs.
/// </summary>
internal sealed class JobSteering(CommandScope scope, CancellationToken interrupted)
{
    /// <param name="job">A job's id or a unique beginning of it.</param>
    /// <param name="decide">The command for the job as it stands; may refuse by an exception.</param>
    /// <returns>The job as the command left it.</returns>
    /// <exception cref="CommandException">The job refuses the command, or there is none.</exception>
    public async Task<Job> SendAsync(string job, Func<Job, DateTimeOffset, JobCommand> decide)
    {
        var store = await scope.Get<StoreOpener>().OpenForOneJobAsync(interrupted);
        var id = await JobFinder.FindAsync(store, job, "JOB", interrupted);
        var (time, options) = (scope.Get<TimeProvider>(), scope.Get<EngineOptions>());
        if (store.IsShared && (await store.Nodes.ReadAsync(interrupted)).Nodes.Any(other => other is { Alive: true, TakesShards: true }))
        {
            options.Role = EngineOptions.WebRole;
        }

        await using var node = await EngineNode.StartAsync(
            new PausedStore(store), scope.Get<IStageWork>(), options, recover: false, time, scope.Get<ILogger<EngineNode>>(), interrupted);
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
