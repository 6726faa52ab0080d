using AiCd.Actors.Ports;
using AiCd.Forge.Git;

namespace AiCd.Forge.Repositories;

/// <summary>The branches of a source repository.</summary>
internal sealed class Branches(GitRunner git)
{
    private const string Prefix = "refs/heads/";
    private const int ListedBranches = 8;

    /// <returns>The branch's commit, or null where there is no branch of exactly that name.</returns>
    public async Task<string?> FindAsync(SourceRepository source, string branch, CancellationToken cancellationToken)
    {
        var tip = await git.TryRunAsync(source.Place.Command("show-ref", "--verify", "--hash", "--", Prefix + branch), cancellationToken);
        return tip.Succeeded ? tip.Line : null;
    }

    /// <summary>The base branch that a job is to stand on, in its short form, with its commit.</summary>
    /// <param name="wanted">Null for the branch that is checked out.</param>
    /// <exception cref="StageException">There is no such branch.</exception>
    public async Task<(string Branch, string Sha)> ResolveBaseAsync(SourceRepository source, string? wanted, CancellationToken cancellationToken)
    {
        var branch = string.IsNullOrEmpty(wanted) ? await HeadAsync(source, cancellationToken) : Short(wanted);
        if (await FindAsync(source, branch, cancellationToken) is { } sha)
        {
            return (branch, sha);
        }

        var existing = await ListAsync(source, cancellationToken);
        if (existing.Count == 0)
        {
            throw new StageException(FaultKind.Permanent, "repository_empty",
                $"{source.Path} has no commit on any branch yet: make a first commit");
        }

        var shown = string.Join(", ", existing.Take(ListedBranches)) + (existing.Count > ListedBranches ? ", …" : "");
        throw new StageException(FaultKind.Permanent, "base_branch_not_found",
            $"{source.Path} has no branch '{Paths.PathRefusal.Shown(branch)}'; it has {shown}");
    }

    private async Task<string> HeadAsync(SourceRepository source, CancellationToken cancellationToken)
    {
        var head = await git.TryRunAsync(source.Place.Command("symbolic-ref", "--quiet", "HEAD"), cancellationToken);
        return head.Succeeded && head.Line.StartsWith(Prefix, StringComparison.Ordinal)
            ? Short(head.Line)
            : throw new StageException(FaultKind.Permanent, "base_branch_required",
                $"No branch is checked out in {source.Path} (its HEAD is detached): name the base branch with --base");
    }

    /// <summary>The branches, the one with the latest commit first.</summary>
    private async Task<IReadOnlyList<string>> ListAsync(SourceRepository source, CancellationToken cancellationToken) =>
        (await git.RunAsync(
            source.Place.Command("for-each-ref", "--sort=-committerdate", "--format=%(refname:lstrip=2)", Prefix), cancellationToken)).Lines;

    private static string Short(string branch) => branch.StartsWith(Prefix, StringComparison.Ordinal) ? branch[Prefix.Length..] : branch;
}
