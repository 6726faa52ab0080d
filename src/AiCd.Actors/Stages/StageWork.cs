using AiCd.Actors.Jobs;

namespace AiCd.Actors.Stages;

/// <summary>The work of all four stages.</summary>
internal sealed class StageWork(PlanningWork planning, CodingWork coding, ReviewingWork reviewing, PullRequestWork pullRequest) : IStageWork
{
    public Task<StageOutcome> RunAsync(StageRun run, CancellationToken cancellationToken) => run.Stage switch
    {
        Stage.Planning => planning.RunAsync(run, cancellationToken),
        Stage.Coding => coding.RunAsync(run, cancellationToken),
        Stage.Reviewing => reviewing.RunAsync(run, cancellationToken),
        Stage.PrOpen => pullRequest.RunAsync(run, cancellationToken),
        _ => throw new ArgumentOutOfRangeException(nameof(run)),
    };
}
