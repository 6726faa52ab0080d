using AiCd.Agents.Sandbox;

namespace AiCd.Agents.Checks;

/// <summary>What may be done in a repository. Null sets stand for everything.</summary>
/// <param name="Tools">Names of tools that agents may use.</param>
/// <param name="Models">Models that may be asked for.</param>
/// <param name="ProtectedPaths">Patterns of paths that no change may touch.</param>
/// <param name="RequireChecks">Whether failed checks forbid an approval.</param>
/// <param name="CheckTimeout">How long one check may take.</param>
internal sealed record Policy(
    NetworkAccess Network,
    IReadOnlyList<string>? Tools,
    IReadOnlyList<string>? Models,
    IReadOnlyList<string> ProtectedPaths,
    bool RequireChecks,
    TimeSpan CheckTimeout)
{
    private static readonly string[] Automation =
    [
        "/" + PolicyFile.Name, "/.github/workflows/**", "/.github/actions/**", "/.gitlab-ci.yml", "/.circleci/**", "/.travis.yml", "/azure-pipelines.yml",
        "/Jenkinsfile", "/.drone.yml", "/.woodpecker/**", "/.woodpecker.yml", "/.buildkite/**",
    ];

    public static Policy Of(PolicyOptions options, SandboxOptions sandbox) => new(
        sandbox.Network,
        options.Tools.Count == 0 ? null : [.. options.Tools],
        options.Models.Count == 0 ? null : [.. options.Models],
        [.. options.ProtectAutomation ? Automation : [], .. options.ProtectedPaths],
        options.RequireChecks,
        options.CheckTimeout);

    /// <summary>
    /// The policy with what a repository's file takes away from it. Pure, and never wider than what it was given: each part is the
    /// lesser of two, whatever the file says.
    /// </summary>
    public static Policy Narrow(Policy policy, PolicyFile file) => new(
        file.Network is { } network && network < policy.Network ? network : policy.Network,
        Both(policy.Tools, file.Tools),
        policy.Models,
        [.. policy.ProtectedPaths.Union(file.ProtectedPaths, StringComparer.Ordinal)],
        policy.RequireChecks || (file.RequireChecks ?? true),
        policy.CheckTimeout);

    /// <summary>Whether nothing is allowed here that the other forbids.</summary>
    public bool IsWithin(Policy other) =>
        Network <= other.Network
        && IsSubset(Tools, other.Tools)
        && IsSubset(Models, other.Models)
        && other.ProtectedPaths.All(ProtectedPaths.Contains)
        && (RequireChecks || !other.RequireChecks)
        && CheckTimeout <= other.CheckTimeout;

    /// <summary>The time for one command: what it asks for, and never more than the policy's.</summary>
    public TimeSpan TimeoutOf(PolicyCommand command) => command.Timeout is { } asked && asked < CheckTimeout ? asked : CheckTimeout;

    private static IReadOnlyList<string>? Both(IReadOnlyList<string>? one, IReadOnlyList<string>? other) =>
        one is null ? other : other is null ? one : [.. one.Intersect(other, StringComparer.Ordinal)];

    private static bool IsSubset(IReadOnlyList<string>? inner, IReadOnlyList<string>? outer) => outer is null || (inner is not null && inner.All(outer.Contains));
}
