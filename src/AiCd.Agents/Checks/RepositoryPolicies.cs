using AiCd.Actors.Ports;
using AiCd.Agents.Sandbox;
using Microsoft.Extensions.Options;

namespace AiCd.Agents.Checks;

/// <summary>Reads the file of the base commit, never one that a job has made or changed, and narrows the operator's policy by it.</summary>
internal sealed class RepositoryPolicies(IOptions<PolicyOptions> options, IOptions<SandboxOptions> sandbox) : IStagePolicies, IRepositoryRules
{
    private readonly Policy _operator = Policy.Of(options.Value, sandbox.Value);

    public async Task<StagePolicy> FindAsync(StageContext context, CancellationToken cancellationToken) =>
        (await ReadAsync(context.ReadBaseFileAsync, cancellationToken)).ToStagePolicy();

    public async Task<RepositoryWishes> ReadWishesAsync(
        Func<string, int, CancellationToken, Task<byte[]?>> readBaseFile, CancellationToken cancellationToken)
    {
        try
        {
            var file = (await ReadAsync(readBaseFile, cancellationToken)).File;
            return new RepositoryWishes(file.Agent, file.BaseBranch, file.Labels);
        }
        catch (StageException unusable) when (unusable.Code is "policy_invalid" or "base_file_refused")
        {
            return RepositoryWishes.None;
        }
    }

    public void RequireAgent(string agent)
    {
        if (options.Value.Agents is { Count: > 0 } allowed && !allowed.Contains(agent, StringComparer.OrdinalIgnoreCase))
        {
            throw new StageException(FaultKind.Permanent, "agent_not_allowed",
                $"{PolicyFile.Name}: agent: expected one of {string.Join(", ", allowed)} ({PolicyOptions.Section}:{nameof(PolicyOptions.Agents)}), found '{agent}'");
        }
    }

    /// <exception cref="StageException">The file is not valid; the message names line and field.</exception>
    public async Task<RepositoryPolicy> ReadAsync(Func<string, int, CancellationToken, Task<byte[]?>> readBaseFile, CancellationToken cancellationToken)
    {
        var content = await readBaseFile(PolicyFile.Name, PolicyFile.MaxBytes, cancellationToken);
        try
        {
            var file = content is null ? PolicyFile.Empty : PolicyFileReader.Read(content);
            return new RepositoryPolicy(Policy.Narrow(_operator, file), file);
        }
        catch (PolicyFileException invalid)
        {
            throw new StageException(FaultKind.Permanent, "policy_invalid", $"The base branch has a {PolicyFile.Name} that cannot be used:\n{invalid.Message}", invalid);
        }
    }
}
