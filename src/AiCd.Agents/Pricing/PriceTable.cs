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
        new("gpt-5.5-pro*", 30, 180, 30, 30),
        new("gpt-5.5", 5, 30, 0.5m, 5),
        new("gpt-5.4-mini*", 0.75m, 4.5m, 0.075m, 0.75m),
        new("gpt-5.4-nano*", 0.2m, 1.25m, 0.02m, 0.2m),
        new("gpt-5.4-pro*", 30, 180, 30, 30),
        new("gpt-5.4", 2.5m, 15, 0.25m, 2.5m),
    ];

    private readonly bool _allowUnpriced = options.Value.AllowUnpriced;
    private readonly IReadOnlyList<ModelPrice> _configured = [.. options.Value.Models.Select(ModelPrice.Parse).OfType<ModelPrice>()];

    /// <exception cref="StageException">The model has no price, and none was allowed to have none.</exception>
    public ModelPrice Find(string model) =>
        _configured.FirstOrDefault(price => price.Fits(model))
        ?? Known.FirstOrDefault(price => price.Fits(model))
        ?? (_allowUnpriced ? ModelPrice.Free(model) : throw new StageException(FaultKind.Permanent, "unpriced_model",
            $"The model '{model}' has no price: expected one in {PriceOptions.Section}:Models, or {PriceOptions.Section}:AllowUnpriced=true for a model that costs nothing"));

    private static ModelPrice Claude(string model, decimal input, decimal output, decimal cached, int longFrom = 0, decimal longFactor = 1) =>
        new(model, input, output, input * cached, input * 1.25m) { LongFrom = longFrom, LongFactor = longFactor };
}
