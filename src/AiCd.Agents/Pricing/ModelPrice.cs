using System.ComponentModel.DataAnnotations;
using AiCd.Actors.Jobs.Payloads;
using AiCd.Agents.Models;

namespace AiCd.Agents.Pricing;

/// <summary>What a model costs, in US dollars for a million tokens, which is the same as millionths of a dollar for one.</summary>
public sealed class ModelPrice
{
    /// <summary>The model's name, or its beginning with a * behind it.</summary>
    [Required]
    public string Model { get; set; } = "";

    /// <summary>Price of the input: prompts, tool results and earlier turns.</summary>
    [Range(0.0, 100_000.0)]
    public decimal Input { get; set; }

    /// <summary>Price of the output, reasoning included.</summary>
    [Range(0.0, 100_000.0)]
    public decimal Output { get; set; }

    /// <summary>Input that the provider had in its cache; as other input where it is not set.</summary>
    [Range(0.0, 100_000.0)]
    public decimal? CachedInput { get; set; }

    /// <summary>Input that the provider puts into its cache; as other input where it is not set.</summary>
    [Range(0.0, 100_000.0)]
    public decimal? CacheWrite { get; set; }

    /// <summary>Requests with more input than this cost <see cref="LongFactor"/> times as much; 0 for none.</summary>
    [Range(0, int.MaxValue)]
    public int LongFrom { get; set; }

    /// <summary>What a request costs that is longer than <see cref="LongFrom"/>, as a multiple.</summary>
    [Range(1.0, 100.0)]
    public decimal LongFactor { get; set; } = 1;

    internal static ModelPrice Free(string model) => new() { Model = model };

    internal bool Fits(string model) => Model.EndsWith('*')
        ? model.StartsWith(Model[..^1], StringComparison.OrdinalIgnoreCase)
        : model.Equals(Model, StringComparison.OrdinalIgnoreCase);

    internal Usage Of(TokenUsage tokens)
    {
        var plain = tokens.Input - tokens.CacheRead - tokens.CacheWrite;
        var micros = (plain * Input) + (tokens.CacheRead * (CachedInput ?? Input)) + (tokens.CacheWrite * (CacheWrite ?? Input)) + (tokens.Output * Output);
        return new Usage(tokens.Input, tokens.Output, tokens.CacheRead, tokens.Reasoning, Ceiling(micros * Factor(tokens.Input)));
    }

    /// <summary>What a request cannot exceed.</summary>
    internal long AtMost(long inputTokens, long outputTokens) => Ceiling(
        ((inputTokens * Math.Max(Input, CacheWrite ?? 0)) + (outputTokens * Output)) * Factor(inputTokens));

    private decimal Factor(long inputTokens) => LongFrom > 0 && inputTokens > LongFrom ? LongFactor : 1;

    private static long Ceiling(decimal micros) => (long)decimal.Ceiling(micros);
}
