namespace AiCd.Actors.Ports;

/// <summary>What repositories say of themselves in a file of their base branch, as far as it decides how their jobs are made and what their pull requests bear.</summary>
public interface IRepositoryRules
{
    /// <param name="readBaseFile">Reads a file of the base commit, as <see cref="IWorkspace.ReadBaseFileAsync"/> does.</param>
    /// <returns>Nothing where there is no such file, or one that cannot be used: on that one the job fails, with every mistake in it.</returns>
    Task<RepositoryWishes> ReadWishesAsync(Func<string, int, CancellationToken, Task<byte[]?>> readBaseFile, CancellationToken cancellationToken);

    /// <exception cref="StageException">The operator does not let repositories ask for this agent.</exception>
    void RequireAgent(string agent);
}

/// <param name="Agent">Who works on jobs that name nobody; null for the node's default.</param>
/// <param name="BaseBranch">Where jobs start that name no branch; null for the repository's default.</param>
/// <param name="Labels">Of pull requests.</param>
public sealed record RepositoryWishes(string? Agent, string? BaseBranch, IReadOnlyList<string> Labels)
{
    public static RepositoryWishes None { get; } = new(null, null, []);
}

/// <summary>For nodes that read no such file.</summary>
public sealed class NoRepositoryRules : IRepositoryRules
{
    public Task<RepositoryWishes> ReadWishesAsync(Func<string, int, CancellationToken, Task<byte[]?>> readBaseFile, CancellationToken cancellationToken) =>
        Task.FromResult(RepositoryWishes.None);

    public void RequireAgent(string agent)
    {
    }
}
