using AiCd.Actors.Ports;
using Microsoft.Extensions.Options;

namespace AiCd.Agents.Pricing;

/// <summary>Finds the price of a model: configured ones first, then the list prices of the providers as of November 2026.</summary>
internal sealed class PriceTable(IOptions<PriceOptions> options)
{
    private static readonly ModelPrice[] Known =
    [
        Claude("claude-opus-5-5*", 4, 20, 0.05m),
        Claude("claude-opus-5*", 5, 25, 0.1m),
        Claude("claude-opus-4-5*", 5, 25, 0.1m),
        Claude("claude-opus-4-6*", 5, 25, 0.1m),
        Claude("claude-opus-4-7*", 5, 25, 0.1m),
        Claude("claude-opus-4-8*", 5, 25, 0.1m),
        Claude("claude-fable-5-1*", 10, 50, 0.025m),
        Claude("claude-fable-5", 10, 50, 0.1m),
        Claude("claude-sonnet-5-5*", 2, 10, 0.05m),
        Claude("claude-sonnet-5*", 2, 10, 0.1m),
        Claude("claude-sonnet-4-*", 3, 15, 0.1m),
        Claude("claude-haiku-5-5*", 0.1m, 0.5m, 0.1m, longFrom: 100_000, longFactor: 5),
        Claude("claude-haiku-4-5*", 1, 5, 0.1m),
        new() { Model = "gpt-5.5-pro*", Input = 30, Output = 180 },
        new() { Model = "gpt-5.5", Input = 5, CachedInput = 0.5m, Output = 30 },
        new() { Model = "gpt-5.4-mini*", Input = 0.75m, CachedInput = 0.075m, Output = 4.5m },
        new() { Model = "gpt-5.4-nano*", Input = 0.2m, CachedInput = 0.02m, Output = 1.25m },
        new() { Model = "gpt-5.4-pro*", Input = 30, Output = 180 },
        new() { Model = "gpt-5.4", Input = 2.5m, CachedInput = 0.25m, Output = 15 },
    ];

    private readonly PriceOptions _options = options.Value;

    /// <exception cref="StageException">The model has no price, and none was allowed to have none.</exception>
    public ModelPrice Find(string model) =>
        _options.Models.FirstOrDefault(price => price.Fits(model))
        ?? Known.FirstOrDefault(price => price.Fits(model))
        ?? (_options.AllowUnpriced ? ModelPrice.Free(model) : throw new StageException(FaultKind.Permanent, "unpriced_model",
            $"The model '{model}' has no price: expected one in {PriceOptions.Section}:Models, or {PriceOptions.Section}:AllowUnpriced=true for a model that costs nothing"));

    private static ModelPrice Claude(string model, decimal input, decimal output, decimal cached, int longFrom = 0, decimal longFactor = 1) => new()
    {
        Model = model,
        Input = input,
        Output = output,
        CachedInput = input * cached,
        CacheWrite = input * 1.25m,
        LongFrom = longFrom,
        LongFactor = longFactor,
    };
}
