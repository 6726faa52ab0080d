using AiCd.Actors.Jobs;
using AiCd.Actors.Journal;

namespace AiCd.Actors.Stages;

/// <summary>Does the work of a stage and says what came of it as a command to the job.</summary>
public interface IStageWork
{
    /// <exception cref="Ports.StageException">It could not be done; the kind says what follows.</exception>
    Task<StageOutcome> RunAsync(StageRun run, CancellationToken cancellationToken);
}

/// <summary>One attempt as its work sees it. The job is the one that the attempt was started on.</summary>
/// <param name="Commands">The way back to the job while the work runs, for effects that are journaled before they happen.</param>
public sealed record StageRun(Job Job, Stage Stage, Attempt Attempt, StageProgress Progress, IStageCommands Commands);

/// <param name="Contents">Content that the command's artifacts name.</param>
public sealed record StageOutcome(JobCommand Command, IReadOnlyList<ArtifactContent> Contents);

public interface IStageCommands
{
    /// <summary>Completes when the command is durable, which may be before another node that owns the job has heard of it.</summary>
    /// <exception cref="SupersededException">The job refused: this attempt is no longer the one that counts.</exception>
    Task SendAsync(JobCommand command, CancellationToken cancellationToken);

    /// <summary>Completes when the command's events are in the job's history: for the intent of what must not begin without it.</summary>
    /// <exception cref="SupersededException">The job refused.</exception>
    /// <exception cref="Ports.StageException">The node that owns the job did not answer in time.</exception>
    Task SettleAsync(JobCommand command, CancellationToken cancellationToken);

    /// <summary>As <see cref="SendAsync"/>, together with content that the command's artifacts name.</summary>
    /// <returns>The job as the events left it; null where it lives on another node that has not answered yet.</returns>
    /// <exception cref="SupersededException">The job refused.</exception>
    Task<Job?> RecordAsync(JobCommand command, IReadOnlyList<ArtifactContent> contents, CancellationToken cancellationToken);

    /// <summary>
    /// Changes something outside. It does not begin before the node's lease outlasts the timeout: when it could still be running, no
    /// other node has begun it anew.
    /// </summary>
    /// <exception cref="Ports.StageException">The lease is not renewed, or the effect took longer than the timeout.</exception>
    Task ActAsync(TimeSpan timeout, Func<CancellationToken, Task> effect, CancellationToken cancellationToken);
}
