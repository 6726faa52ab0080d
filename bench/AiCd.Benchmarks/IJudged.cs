namespace AiCd.Benchmarks;

/// <summary>A result with a target of its own.</summary>
internal interface IJudged
{
    bool Holds { get; }
}
