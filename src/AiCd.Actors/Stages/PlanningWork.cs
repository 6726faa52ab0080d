using System.Text.Json;
using AiCd.Actors.Jobs;
using AiCd.Actors.Jobs.Payloads;
using AiCd.Actors.Jobs.Stored;
using AiCd.Actors.Journal;
using AiCd.Actors.Runtime;

namespace AiCd.Actors.Stages;

/// <summary>The agent reads the repository and says how it means to resolve the issue.</summary>
internal sealed class PlanningWork(StageDesk desk, TimeProvider time) : IStageWork
{
    public async Task<StageOutcome> RunAsync(StageRun run, CancellationToken cancellationToken)
    {
        var agent = desk.AgentOf(run.Job);
        await using var workspace = await desk.OpenAsync(run, from: null, cancellationToken);
        var context = await desk.ContextAsync(run, workspace, cancellationToken);
        var plan = await agent.PlanAsync(context, cancellationToken);
        var artifacts = new StageArtifacts(
            NewArtifact.Text(ArtifactKinds.Plan, JsonSerializer.Serialize(plan, JobJson.Default.PlanResult), "application/json"),
            run.Progress.ToArtifact());
        var command = new JobCommand.CompletePlanning(run.Attempt.Id, Summaries.Of(plan.Summary), artifacts.Refs, workspace.BaseSha) { At = time.Now() };
        return new StageOutcome(command, artifacts.Contents);
    }
}
