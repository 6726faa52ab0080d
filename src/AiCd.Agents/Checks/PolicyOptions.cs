using System.ComponentModel.DataAnnotations;
using AiCd.Actors.Hosting.Settings;
using AiCd.Agents.Tools;

namespace AiCd.Agents.Checks;

/// <summary>What the operator allows in every repository; section <c>AiCd:Policy</c>. The network is a setting of the sandbox.</summary>
public sealed class PolicyOptions : IValidatableObject
{
    public const string Section = "AiCd:Policy";

    /// <summary>Names of the tools that agents may use; none means all that their stage has.</summary>
    [Expectation("view, search, edit or bash")]
    public IList<string> Tools { get; init; } = [];

    /// <summary>Agents that a repository may ask for; none means any that the node has.</summary>
    public IList<string> Agents { get; init; } = [];

    /// <summary>Models that a repository may ask for; none means any.</summary>
    public IList<string> Models { get; init; } = [];

    /// <summary>Patterns of paths that no change may touch, besides those of the repository.</summary>
    [Expectation("a pattern such as docs/** or *.lock")]
    public IList<string> ProtectedPaths { get; init; } = [];

    /// <summary>
    /// Whether no change may touch what runs by itself once it is pushed, or what this policy stands on: workflows of forges and <c>.aicd.yml</c>.
    /// </summary>
    public bool ProtectAutomation { get; set; } = true;

    /// <summary>Whether a repository may not let reviewers approve in spite of failed checks.</summary>
    public bool RequireChecks { get; set; }

    /// <summary>How long one check may take; a repository may say less.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan CheckTimeout { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>By the rules of <c>.aicd.yml</c>: a pattern that fits nothing would protect nothing.</summary>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
        Problems(ProtectedPaths, nameof(ProtectedPaths), PathPatterns.Objection).Concat(Problems(Tools, nameof(Tools), ToolNames.Objection));

    private static IEnumerable<ValidationResult> Problems(IList<string> items, string name, Func<string, string?> objection) =>
        from item in items.Index()
        let expected = objection(item.Item)
        where expected is not null
        select new ValidationResult($"expected {expected}, got '{item.Item}'", [$"{name}:{item.Index}"]);
}
