namespace AiCd.Host.Tests.Architecture;

/// <summary>Who may know whom. Agents runs commands that a model chose and Forge holds the tokens: neither may reach the other.</summary>
internal static class ReferenceGraph
{
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["AiCd.Actors"] = [],
        ["AiCd.Agents"] = ["AiCd.Actors"],
        ["AiCd.Forge"] = ["AiCd.Actors"],
        ["AiCd.Web"] = ["AiCd.Actors"],
        ["AiCd.Host"] = ["AiCd.Actors", "AiCd.Agents", "AiCd.Forge", "AiCd.Web"],
    };

    public static IReadOnlyCollection<string> Parts => Allowed.Keys;

    /// <param name="references">By part, the parts that it refers to.</param>
    /// <returns>A sentence for each reference and part that the design does not have.</returns>
    public static IReadOnlyList<string> Violations(IReadOnlyDictionary<string, IReadOnlyList<string>> references) =>
    [
        .. Allowed.Keys.Except(references.Keys).Select(part => $"{part} is missing"),
        .. references.Keys.Except(Allowed.Keys).Select(part => $"{part} is not a part of the design"),
        .. from part in references
           from reference in part.Value
           let allowed = Allowed.GetValueOrDefault(part.Key)
           where allowed is not null && !allowed.Contains(reference)
           select $"{part.Key} refers to {reference}; allowed: {(allowed.Length == 0 ? "none" : string.Join(", ", allowed))}",
    ];
}
