namespace AiCd.Actors.Jobs.Payloads;

/// <summary>Tokens that an agent used, and their price.</summary>
/// <param name="CostMicros">In millionths of a US dollar.</param>
public sealed record Usage(long InputTokens, long OutputTokens, long CachedTokens, long ReasoningTokens, long CostMicros)
{
    public static Usage None { get; } = new(0, 0, 0, 0, 0);

    public static Usage operator +(Usage left, Usage right) => new(
        left.InputTokens + right.InputTokens,
        left.OutputTokens + right.OutputTokens,
        left.CachedTokens + right.CachedTokens,
        left.ReasoningTokens + right.ReasoningTokens,
        left.CostMicros + right.CostMicros);

    public static Usage Add(Usage left, Usage right) => left + right;
}
