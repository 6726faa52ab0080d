using AiCd.Actors.Ports;

namespace AiCd.Actors.Runtime;

/// <summary>
/// Where a job works and who does it: what the way in named, or else what the repository says of itself, or else the defaults. It is
/// decided once, when the job is made, because SUBMITTED fixes both.
/// </summary>
public sealed class JobTargets(IWorkspaces workspaces, IRepositoryRules rules, IAgents agents)
{
    private const string Default = "mock";

    /// <param name="baseBranch">Null or empty where none was named.</param>
    /// <param name="agent">Null or empty where none was named.</param>
    /// <param name="fallback">Who works where neither the way in nor the repository names anybody; null for the node's default.</param>
    /// <exception cref="StageException">There is no such repository or branch, or what the repository asks for cannot be had.</exception>
    public async Task<JobTarget> ResolveAsync(
        string tenant, string repository, string? baseBranch, string? agent, string? fallback, CancellationToken cancellationToken)
    {
        var named = string.IsNullOrEmpty(baseBranch) ? null : baseBranch;
        var target = await workspaces.ResolveAsync(tenant, repository, named, cancellationToken);
        if (named is not null && !string.IsNullOrEmpty(agent))
        {
            return new JobTarget(target, agent);
        }

        var wishes = await ReadAsync(tenant, target, cancellationToken);
        if (named is null && wishes.BaseBranch is { } wanted && wanted != target.BaseBranch)
        {
            // From here on the file of that branch counts, as it does for everything else of the job. It leads no further.
            target = await ResolveWantedAsync(tenant, repository, wanted, cancellationToken);
            wishes = await ReadAsync(tenant, target, cancellationToken);
        }

        return new JobTarget(target, string.IsNullOrEmpty(agent) ? AgentOf(wishes) ?? fallback ?? DefaultAgent() : agent);
    }

    private Task<RepositoryWishes> ReadAsync(string tenant, RepositoryTarget target, CancellationToken cancellationToken) => rules.ReadWishesAsync(
        (path, maxBytes, token) => workspaces.ReadBaseFileAsync(tenant, target, path, maxBytes, token), cancellationToken);

    private async Task<RepositoryTarget> ResolveWantedAsync(string tenant, string repository, string wanted, CancellationToken cancellationToken)
    {
        try
        {
            return await workspaces.ResolveAsync(tenant, repository, wanted, cancellationToken);
        }
        catch (StageException missing) when (missing.Kind == FaultKind.Permanent)
        {
            throw new StageException(FaultKind.Permanent, missing.Code, $"The repository asks for the base branch '{wanted}': {missing.Message}", missing);
        }
    }

    private string? AgentOf(RepositoryWishes wishes)
    {
        if (wishes.Agent is not { } wanted)
        {
            return null;
        }

        rules.RequireAgent(wanted);
        return agents.Find(wanted)?.Name ?? throw new StageException(FaultKind.Permanent, "unknown_agent",
            $"The repository asks for the agent '{wanted}': expected one of {string.Join(", ", agents.Names.Order(StringComparer.Ordinal))}");
    }

    private string DefaultAgent() => agents.Find(Default)?.Name ?? agents.Names.Order(StringComparer.Ordinal).FirstOrDefault()
        ?? throw new StageException(FaultKind.Permanent, "unknown_agent", "There is no agent on this node");
}

public sealed record JobTarget(RepositoryTarget Repository, string Agent);
