namespace AiCd.Forge.GitHub.Auth;

/// <param name="Repository">Null for all that the installation has.</param>
internal sealed record TokenScope(long Installation, RepositoryName? Repository, TokenUse Use);

/// <summary>What a token is needed for; it can do nothing else.</summary>
internal enum TokenUse
{
    /// <summary>Only to be told of repositories.</summary>
    Look,

    /// <summary>Git reads.</summary>
    Fetch,

    /// <summary>Git writes.</summary>
    Push,

    /// <summary>Issues, pull requests and checks.</summary>
    Work,
}

internal static class TokenPermissions
{
    private static readonly Dictionary<string, string> Look = new() { ["metadata"] = "read" };

    private static readonly Dictionary<string, string> Fetch = new() { ["contents"] = "read", ["metadata"] = "read" };

    private static readonly Dictionary<string, string> Push = new() { ["contents"] = "write", ["metadata"] = "read", ["workflows"] = "write" };

    private static readonly Dictionary<string, string> Work = new()
    {
        ["contents"] = "read",
        ["metadata"] = "read",
        ["issues"] = "write",
        ["pull_requests"] = "write",
        ["checks"] = "write",
        ["statuses"] = "write",
    };

    /// <summary>What is needed, as far as it was granted: to ask for more is refused as a whole.</summary>
    public static Dictionary<string, string> For(TokenUse use, IReadOnlyDictionary<string, string>? granted)
    {
        var needed = use switch { TokenUse.Look => Look, TokenUse.Fetch => Fetch, TokenUse.Push => Push, _ => Work };
        return granted is null
            ? needed
            : needed.Where(pair => granted.ContainsKey(pair.Key))
                .ToDictionary(pair => pair.Key, pair => granted[pair.Key] == "read" ? "read" : pair.Value);
    }
}
