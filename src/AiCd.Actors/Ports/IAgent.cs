using AiCd.Actors.Jobs.Payloads;

namespace AiCd.Actors.Ports;

/// <summary>The brain behind the stages. Failures are <see cref="StageException"/>s that say which kind they are.</summary>
public interface IAgent
{
    /// <summary>The name by which jobs ask for it.</summary>
    string Name { get; }

    Task<PlanResult> PlanAsync(StageContext context, CancellationToken cancellationToken);

    /// <summary>Changes the worktree, or returns changes for the workspace to write, or both.</summary>
    Task<CodeResult> CodeAsync(StageContext context, CancellationToken cancellationToken);

    Task<ReviewResult> ReviewAsync(StageContext context, CancellationToken cancellationToken);
}

/// <summary>The agents that this node knows, by name.</summary>
public interface IAgents
{
    IReadOnlyCollection<string> Names { get; }

    /// <returns>Null where there is no agent of that name.</returns>
    IAgent? Find(string name);
}
