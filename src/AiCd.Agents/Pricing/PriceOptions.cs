namespace AiCd.Agents.Pricing;

/// <summary>Prices of models (section <c>AiCd:Prices</c>); what stands here counts before what AiCd knows.</summary>
public sealed class PriceOptions
{
    public const string Section = "AiCd:Prices";

    /// <summary>Models without a price count as free: for servers of one's own.</summary>
    public bool AllowUnpriced { get; set; }

    public List<ModelPrice> Models { get; set; } = [];
}
