using AiCd.Actors.Jobs.Payloads;
using AiCd.Actors.Ports;

namespace AiCd.Benchmarks.Cluster.Node;

/// <summary>An agent that takes its time and then does what the job's title says.</summary>
internal sealed class ScriptedAgent(WorkDelay delay, TimeProvider time) : IAgent, IAgents
{
    public const string AgentName = "scripted";

    public string Name => AgentName;

    public IReadOnlyCollection<string> Names => [AgentName];

    public IAgent? Find(string name) => name == AgentName ? this : null;

    public async Task<PlanResult> PlanAsync(StageContext context, CancellationToken cancellationToken)
    {
        var script = await WorkAsync(context, cancellationToken);
        return script.Script == Script.PlanRefused
            ? throw new StageException(FaultKind.Permanent, "scripted_refusal", "The script says that no plan can be made")
            : new PlanResult($"Plan of {context.AttemptId}", ["Change it", "Test it"], ["src/Parser.cs"], ["None"], "Unit tests");
    }

    public async Task<CodeResult> CodeAsync(StageContext context, CancellationToken cancellationToken)
    {
        var script = await WorkAsync(context, cancellationToken);
        return script.Script == Script.CodingStumbles && context.AttemptNumber == 1
            ? throw new StageException(FaultKind.Transient, "scripted_stumble", "The script says that the first attempt fails")
            : new CodeResult($"Change of {context.AttemptId}", "Changed", [new FileChange("src/Parser.cs", context.AttemptId)]);
    }

    public async Task<ReviewResult> ReviewAsync(StageContext context, CancellationToken cancellationToken)
    {
        var script = await WorkAsync(context, cancellationToken);
        var rejects = script.Script == Script.RejectedAlways || (script.Script == Script.RejectedOnce && context.Job.Round == 1);
        return rejects
            ? new ReviewResult(ReviewVerdict.Reject, "Not yet", [new ReviewComment("src/Parser.cs", 1, CommentSeverity.Major, "Say why")])
            : new ReviewResult(ReviewVerdict.Approve, "Good", []);
    }

    private async Task<ScriptedJob> WorkAsync(StageContext context, CancellationToken cancellationToken)
    {
        var script = ScriptedJob.Parse(context.Job.Issue.Title);
        var pause = script.HoldsIn(context.Stage) && context.AttemptNumber == 1 ? Timeout.InfiniteTimeSpan : delay.Next();
        await Task.Delay(pause, time, cancellationToken);
        return script;
    }
}

/// <summary>How long the work of a stage takes.</summary>
internal sealed record WorkDelay(TimeSpan Shortest, TimeSpan Longest)
{
    public TimeSpan Next() => Shortest + ((Longest - Shortest) * Random.Shared.NextDouble());
}
