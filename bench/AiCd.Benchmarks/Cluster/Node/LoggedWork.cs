using AiCd.Actors.Jobs;
using AiCd.Actors.Stages;

namespace AiCd.Benchmarks.Cluster.Node;

/// <summary>Says when the work of an attempt begins and ends.</summary>
internal sealed class LoggedWork(IStageWork work, LineWriter lines) : IStageWork
{
    public async Task<StageOutcome> RunAsync(StageRun run, CancellationToken cancellationToken)
    {
        CurrentAttempt.Value = run.Attempt;
        Say(run, NodeLineKinds.Started, null);
        var end = LoggedEnds.Failed;
        try
        {
            var outcome = await work.RunAsync(run, cancellationToken);
            end = LoggedEnds.Done;
            return outcome;
        }
        catch (OperationCanceledException)
        {
            end = LoggedEnds.Cancelled;
            throw;
        }
        finally
        {
            Say(run, NodeLineKinds.Ended, end);
        }
    }

    private void Say(StageRun run, string kind, string? text) => lines.Write(at => new NodeLine(
        kind, at, run.Attempt.Incarnation, run.Job.Id.Value, run.Attempt.Id, WireNames.Of(run.Stage), Text: text));
}
