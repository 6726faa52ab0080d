using System.Globalization;
using AiCd.Actors.Jobs.Payloads;
using AiCd.Agents.Models;

namespace AiCd.Agents.Pricing;

/// <summary>What a model costs, in US dollars for a million tokens, which is the same as millionths of a dollar for one.</summary>
/// <param name="Model">The model's name, or its beginning with a * behind it.</param>
/// <param name="CachedInput">Input that the provider had in its cache.</param>
/// <param name="CacheWrite">Input that the provider puts into its cache.</param>
internal sealed record ModelPrice(string Model, decimal Input, decimal Output, decimal CachedInput, decimal CacheWrite)
{
    private const decimal Highest = 100_000;

    /// <summary>Requests with more input than this cost <see cref="LongFactor"/> times as much; 0 for none.</summary>
    public int LongFrom { get; init; }

    public decimal LongFactor { get; init; } = 1;

    public static ModelPrice Free(string model) => new(model, 0, 0, 0, 0);

    /// <returns>Null where the line is not one of name and two to four prices.</returns>
    public static ModelPrice? Parse(string line)
    {
        var parts = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        var prices = new List<decimal>(4);
        foreach (var part in parts.Skip(1))
        {
            if (!decimal.TryParse(part, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var price) || price > Highest)
            {
                return null;
            }

            prices.Add(price);
        }

        return prices.Count is >= 2 and <= 4
            ? new ModelPrice(parts[0], prices[0], prices[1], prices.Count > 2 ? prices[2] : prices[0], prices.Count > 3 ? prices[3] : prices[0])
            : null;
    }

    public bool Fits(string model) => Model.EndsWith('*')
        ? model.StartsWith(Model[..^1], StringComparison.OrdinalIgnoreCase)
        : model.Equals(Model, StringComparison.OrdinalIgnoreCase);

    public Usage Of(TokenUsage tokens)
    {
        var plain = tokens.Input - tokens.CacheRead - tokens.CacheWrite;
        var micros = (plain * Input) + (tokens.CacheRead * CachedInput) + (tokens.CacheWrite * CacheWrite) + (tokens.Output * Output);
        return new Usage(tokens.Input, tokens.Output, tokens.CacheRead, tokens.Reasoning, Ceiling(micros * Factor(tokens.Input)));
    }

    /// <summary>What a request cannot exceed.</summary>
    public long AtMost(long inputTokens, long outputTokens) => Ceiling(
        ((inputTokens * Math.Max(Math.Max(Input, CacheWrite), CachedInput)) + (outputTokens * Output)) * Factor(inputTokens));

    private decimal Factor(long inputTokens) => LongFrom > 0 && inputTokens > LongFrom ? LongFactor : 1;

    private static long Ceiling(decimal micros) => (long)decimal.Ceiling(micros);
}
