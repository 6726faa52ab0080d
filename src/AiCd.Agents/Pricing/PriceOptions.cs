using System.ComponentModel.DataAnnotations;
using AiCd.Actors.Hosting.Settings;

namespace AiCd.Agents.Pricing;

/// <summary>Prices of models (section <c>AiCd:Prices</c>); what stands here counts before what AiCd knows.</summary>
public sealed class PriceOptions : IValidatableObject
{
    public const string Section = "AiCd:Prices";

    private const string Form = "a model, or the beginning of its name and *, then the US dollars for a million tokens of input, of output and, if they differ, of cached input and of input put into the cache";

    /// <summary>Models without a price count as free: for servers of one's own.</summary>
    public bool AllowUnpriced { get; set; }

    /// <summary>Prices of models, such as <c>claude-* 5 25 0.5 6.25</c>.</summary>
    [Expectation(Form)]
    public List<string> Models { get; set; } = [];

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
        Models.Where(line => ModelPrice.Parse(line) is null).Select(line => new ValidationResult($"expected {Form}, got '{line}'", [nameof(Models)]));
}
