using System.Collections.Frozen;
using AiCd.Actors.Ports;

namespace AiCd.Agents;

/// <summary>The agents that were registered, by name and without regard to case.</summary>
public sealed class AgentRegistry : IAgents
{
    private readonly FrozenDictionary<string, IAgent> _byName;

    /// <exception cref="ArgumentException">Two agents bear the same name.</exception>
    public AgentRegistry(IEnumerable<IAgent> agents)
    {
        var byName = new Dictionary<string, IAgent>(StringComparer.OrdinalIgnoreCase);
        foreach (var agent in agents)
        {
            if (!byName.TryAdd(agent.Name, agent))
            {
                throw new ArgumentException($"Two agents bear the name '{agent.Name}'", nameof(agents));
            }
        }

        _byName = byName.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
        Names = [.. byName.Keys.Order(StringComparer.OrdinalIgnoreCase)];
    }

    public IReadOnlyCollection<string> Names { get; }

    public IAgent? Find(string name) => _byName.GetValueOrDefault(name);
}
