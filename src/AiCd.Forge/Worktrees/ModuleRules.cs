using AiCd.Forge.Paths;

namespace AiCd.Forge.Worktrees;

/// <summary>What a change may say in <c>.gitmodules</c>. Pure.</summary>
internal static class ModuleRules
{
    private static readonly string[] PlainBeginnings = ["https://", "./", "../"];

    /// <param name="setting">Key, line break, value.</param>
    /// <returns>Why it is refused, as the end of a sentence, or null.</returns>
    public static string? Objection(string setting)
    {
        var parts = setting.Split('\n', 2);
        var value = parts.Length == 2 ? parts[1] : "";
        var name = parts[0].Split('.') is [_, .. var middle, _] ? string.Join('.', middle) : "";
        if (name.StartsWith('-') || name.Split('/', '\\').Contains(".."))
        {
            return "names a submodule so that it leads out of the repository";
        }

        return parts[0].Split('.')[^1] switch
        {
            "url" when !IsPlainUrl(value) =>
                $"gives a submodule the address {PathRefusal.Shown(value)}: expected https:// or a path relative to the repository's own address",
            "path" when value.StartsWith('-') || PathRules.Objection(value) is not null => $"puts a submodule at {PathRefusal.Shown(value)}",
            "update" when value.StartsWith('!') => "lets a submodule run a command",
            _ => null,
        };
    }

    private static bool IsPlainUrl(string url) =>
        PlainBeginnings.Any(beginning => url.StartsWith(beginning, StringComparison.Ordinal))
        && !url.Any(char.IsControl) && !url.Contains('\\') && !url.Contains("::", StringComparison.Ordinal);
}
