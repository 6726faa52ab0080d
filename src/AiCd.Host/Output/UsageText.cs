using System.Globalization;
using AiCd.Actors.Budgets;
using AiCd.Actors.Jobs.Payloads;

namespace AiCd.Host.Output;

/// <summary>Tokens and their price in words.</summary>
internal static class UsageText
{
    public static string Of(Usage usage) => string.Create(
        CultureInfo.InvariantCulture,
        $"{Money.Text(usage.CostMicros)} for {usage.InputTokens:N0} tokens in ({usage.CachedTokens:N0} cached) and {usage.OutputTokens:N0} out ({usage.ReasoningTokens:N0} reasoning)");
}
