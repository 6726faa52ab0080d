using AiCd.Agents.Sandbox;

namespace AiCd.Agents.Checks;

/// <summary>What a repository says of itself in <c>.aicd.yml</c>. Whatever is null or empty was not said.</summary>
internal sealed record PolicyFile
{
    public const string Name = ".aicd.yml";

    public const int MaxBytes = 64 * 1024;

    public static PolicyFile Empty { get; } = new();

    /// <summary>In the order in which they run.</summary>
    public IReadOnlyList<PolicyCommand> Commands { get; init; } = [];

    public bool? RequireChecks { get; init; }

    public IReadOnlyList<string> ProtectedPaths { get; init; } = [];

    public IReadOnlyList<string>? Tools { get; init; }

    public NetworkAccess? Network { get; init; }

    public string? Agent { get; init; }

    public string? Model { get; init; }

    public string? BaseBranch { get; init; }

    public IReadOnlyList<string> ReviewRules { get; init; } = [];

    public IReadOnlyList<string> Labels { get; init; } = [];
}

/// <param name="Name">One of <see cref="All"/>.</param>
/// <param name="Script">Run by bash, which stops at the first command that fails.</param>
/// <param name="Timeout">Null for the operator's.</param>
internal sealed record PolicyCommand(string Name, string Script, TimeSpan? Timeout)
{
    public const string Setup = "setup";

    /// <summary>The commands that a repository may name, in the order in which they run.</summary>
    public static IReadOnlyList<string> All { get; } = [Setup, "build", "test", "lint"];
}
