using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace AiCd.Forge.GitHub;

/// <summary>owner/repo; GitHub does not tell capitals from small letters.</summary>
internal sealed partial record RepositoryName(string Owner, string Name)
{
    public bool Equals(RepositoryName? other) => other is not null && ToString().Equals(other.ToString(), StringComparison.OrdinalIgnoreCase);

    public override int GetHashCode() => StringComparer.OrdinalIgnoreCase.GetHashCode(ToString());

    public override string ToString() => $"{Owner}/{Name}";

    public static bool TryParse(string? text, [NotNullWhen(true)] out RepositoryName? name)
    {
        var parts = text?.Split('/') ?? [];
        name = parts.Length == 2 && IsOwner(parts[0]) && IsName(parts[1]) ? new RepositoryName(parts[0], WithoutSuffix(parts[1])) : null;
        return name is not null;
    }

    public static bool IsOwner(string text) => OwnerPattern().IsMatch(text);

    private static bool IsName(string text) => NamePattern().IsMatch(text) && WithoutSuffix(text) is not ("" or "." or "..");

    private static string WithoutSuffix(string text) => text.EndsWith(".git", StringComparison.OrdinalIgnoreCase) ? text[..^4] : text;

    [GeneratedRegex("^[A-Za-z0-9_][A-Za-z0-9_-]{0,99}$")]
    private static partial Regex OwnerPattern();

    [GeneratedRegex("^[A-Za-z0-9._-]{1,104}$")]
    private static partial Regex NamePattern();
}
