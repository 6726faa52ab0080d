using AiCd.Agents.Sandbox;

namespace AiCd.Agents.Checks;

/// <summary>What holds in one repository: the operator's policy as its file narrows it, and what the file tells besides.</summary>
internal sealed record RepositoryPolicy(Policy Policy, PolicyFile File)
{
    private readonly PathPatterns _protected = new(Policy.ProtectedPaths);

    /// <returns>The pattern that protects the path, or null.</returns>
    public string? ProtectionOf(string path) => _protected.Find(path);

    public NetworkPolicy NetworkOf(PolicyCommand command) =>
        Policy.Network == NetworkAccess.Full || (Policy.Network == NetworkAccess.Setup && command.Name == PolicyCommand.Setup) ? NetworkPolicy.Full : NetworkPolicy.None;

    public StagePolicy ToStagePolicy() => new()
    {
        AllowedTools = Policy.Tools,
        ProtectedPaths = Policy.ProtectedPaths,
        IsProtected = path => ProtectionOf(path) is not null,
        Network = Policy.Network == NetworkAccess.Full ? NetworkPolicy.Full : NetworkPolicy.None,
        Agent = File.Agent,
        Model = File.Model,
        AllowedModels = Policy.Models,
        ReviewRules = File.ReviewRules,
        Commands = File.Commands.ToDictionary(command => command.Name, command => command.Script),
    };
}
