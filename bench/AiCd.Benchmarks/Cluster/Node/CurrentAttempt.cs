using AiCd.Actors.Jobs;

namespace AiCd.Benchmarks.Cluster.Node;

/// <summary>The attempt in whose name the code runs, for the forge's books: its port does not tell.</summary>
internal static class CurrentAttempt
{
    private static readonly AsyncLocal<Attempt?> Flow = new();

    public static Attempt Value
    {
        get => Flow.Value ?? throw new InvalidOperationException("No attempt is under way here");
        set => Flow.Value = value;
    }
}
