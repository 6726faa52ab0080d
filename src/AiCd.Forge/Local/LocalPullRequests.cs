using AiCd.Actors.Ports;
using AiCd.Forge.Git;
using AiCd.Forge.Repositories;

namespace AiCd.Forge.Local;

/// <summary>Reads the pull requests of local repositories, for people.</summary>
public sealed class LocalPullRequests
{
    private readonly GitRunner _git;
    private readonly SourceRepositories _sources;
    private readonly PullRequestRefs _refs;

    internal LocalPullRequests(GitRunner git, SourceRepositories sources, PullRequestRefs refs)
    {
        _git = git;
        _sources = sources;
        _refs = refs;
    }

    /// <summary>All pull requests of the repository, by number. One whose commit is in its base branch counts as merged.</summary>
    /// <param name="repository">As a user would write it.</param>
    /// <exception cref="StageException">There is no such repository.</exception>
    public async Task<IReadOnlyList<LocalPullRequest>> ListAsync(string repository, CancellationToken cancellationToken)
    {
        var source = await _sources.FindAsync(repository, cancellationToken);
        var pullRequests = new List<LocalPullRequest>();
        foreach (var stored in (await _refs.ListAsync(source, cancellationToken)).Values)
        {
            pullRequests.Add(await AsItStandsAsync(source, stored.Value, cancellationToken));
        }

        return pullRequests;
    }

    /// <returns>Null where there is no pull request of that number.</returns>
    /// <exception cref="StageException">There is no such repository.</exception>
    public async Task<LocalPullRequest?> FindAsync(string repository, int number, CancellationToken cancellationToken)
    {
        var source = await _sources.FindAsync(repository, cancellationToken);
        return (await _refs.ListAsync(source, cancellationToken)).TryGetValue(number, out var stored)
            ? await AsItStandsAsync(source, stored.Value, cancellationToken)
            : null;
    }

    /// <summary>Changed lines per file, as <c>git diff --stat</c> prints them; empty where the commit is gone.</summary>
    /// <exception cref="StageException">There is no such repository.</exception>
    public async Task<string> DiffStatAsync(string repository, LocalPullRequest pullRequest, CancellationToken cancellationToken)
    {
        var source = await _sources.FindAsync(repository, cancellationToken);
        var output = await _git.TryRunAsync(
            source.Place.Command(
                "diff-tree", "-r", "-M", "--stat=100", "--no-color", "--no-ext-diff", "--no-textconv", "--end-of-options", pullRequest.BaseSha, pullRequest.HeadSha),
            cancellationToken);
        return output.Succeeded ? output.Text : "";
    }

    private async Task<LocalPullRequest> AsItStandsAsync(SourceRepository source, LocalPullRequest pullRequest, CancellationToken cancellationToken)
    {
        var merged = pullRequest.State == LocalPullRequestState.Open && (await _git.TryRunAsync(
            source.Place.Command("merge-base", "--is-ancestor", pullRequest.HeadSha, "refs/heads/" + pullRequest.BaseBranch), cancellationToken)).Succeeded;
        return merged ? pullRequest with { State = LocalPullRequestState.Merged } : pullRequest;
    }
}
