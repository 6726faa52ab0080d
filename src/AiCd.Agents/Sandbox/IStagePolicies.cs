using AiCd.Actors.Ports;
using AiCd.Agents.Checks;

namespace AiCd.Agents.Sandbox;

/// <summary>
/// What an agent may do in a stage: the operator's policy, narrowed by the repository's <c>.aicd.yml</c> as its base branch has it.
/// </summary>
public interface IStagePolicies
{
    /// <exception cref="StageException">The repository's file is not valid; the message names line and field.</exception>
    Task<StagePolicy> FindAsync(StageContext context, CancellationToken cancellationToken);
}

public sealed record StagePolicy
{
    /// <summary>Names of the tools that the agent may use; null for all that its stage has.</summary>
    public IReadOnlyCollection<string>? AllowedTools { get; init; }

    /// <summary>Patterns of paths that must not be changed, as the agent is told them.</summary>
    public IReadOnlyList<string> ProtectedPaths { get; init; } = [];

    /// <summary>Whether a path, relative to the root of the repository and with forward slashes, matches one of them.</summary>
    public Func<string, bool> IsProtected { get; init; } = _ => false;

    public NetworkPolicy Network { get; init; } = NetworkPolicy.None;

    /// <summary>The agent that the repository asks for, whose model it means; null where it means any.</summary>
    public string? Agent { get; init; }

    /// <summary>The model that the repository asks for; null for the configured one.</summary>
    public string? Model { get; init; }

    /// <summary>Models that it may ask for; null for any.</summary>
    public IReadOnlyCollection<string>? AllowedModels { get; init; }

    /// <summary>What the repository wants reviewers to look at.</summary>
    public IReadOnlyList<string> ReviewRules { get; init; } = [];

    /// <summary>The commands that the repository names for itself, such as <c>test</c>: told to the agent.</summary>
    public IReadOnlyDictionary<string, string> Commands { get; init; } = new Dictionary<string, string>();

    /// <returns>The model that the repository wants of this agent, or null for the configured one.</returns>
    /// <exception cref="StageException">The operator does not let it have that model.</exception>
    public string? ModelFor(string agent)
    {
        if (Model is not { Length: > 0 } model || !(Agent ?? agent).Equals(agent, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        return AllowedModels is not { } allowed || allowed.Contains(model) ? model : throw new StageException(FaultKind.Permanent, "model_not_allowed",
            $"{PolicyFile.Name}: model: expected one of {string.Join(", ", allowed)} ({PolicyOptions.Section}:{nameof(PolicyOptions.Models)}), found '{model}'");
    }
}

/// <summary>The policy where nobody narrows anything.</summary>
public sealed class OpenPolicies : IStagePolicies
{
    public Task<StagePolicy> FindAsync(StageContext context, CancellationToken cancellationToken) => Task.FromResult(new StagePolicy());
}
