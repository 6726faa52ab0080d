using AiCd.Actors.Stages;

namespace AiCd.Forge.Tests.GitHub;

/// <summary>Stages that wait for ever.</summary>
internal sealed class NoWork : IStageWork
{
    public static NoWork Instance { get; } = new();

    public async Task<StageOutcome> RunAsync(StageRun run, CancellationToken cancellationToken)
    {
        await Task.Delay(Timeout.Infinite, cancellationToken);
        throw new OperationCanceledException(cancellationToken);
    }
}
