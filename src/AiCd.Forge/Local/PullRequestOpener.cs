using AiCd.Actors.Ports;
using AiCd.Forge.Repositories;

namespace AiCd.Forge.Local;

/// <summary>Opens pull requests so that a branch has one at most, however many nodes try at once.</summary>
/// <remarks>
/// Why two concurrent calls for one branch make one pull request. A call creates number N = highest + 1 only after it read all of
/// 1..N-1 without finding the branch, and only if N does not exist at that instant (compare-and-set on the ref). Suppose calls A
/// and B both create, with numbers NA &lt; NB. When B read, it read all of 1..NB-1, NA among them (see
/// <see cref="PullRequestRefs.ListAsync"/>), and the branch of a pull request never changes: B would have found it. NA = NB is
/// excluded by the compare-and-set. So only one of them creates; the other fails at the ref, reads again, and adopts.
/// </remarks>
internal sealed class PullRequestOpener(PullRequestRefs refs, TimeProvider clock, ForgeOptions options)
{
    private const int MaxAttempts = 100;

    public async Task<LocalPullRequest> OpenAsync(SourceRepository source, PullRequestDraft draft, CancellationToken cancellationToken)
    {
        // Each failed attempt means that another node's succeeded.
        for (var attempt = 0; attempt < MaxAttempts; attempt++)
        {
            var all = await refs.ListAsync(source, cancellationToken);
            var existing = all.Values.FirstOrDefault(stored => stored.Value.Branch == draft.Branch);
            if (existing is not null && existing.Value.Job == draft.Job.Value)
            {
                return existing.Value;
            }

            // A job that is linked to an earlier one inherits its branch, and with it its pull request.
            var pullRequest = existing is null
                ? Draw(draft, all.Keys.LastOrDefault() + 1, clock.GetUtcNow())
                : Draw(draft, existing.Value.Number, existing.Value.CreatedAt);
            if (existing is null
                ? await refs.TryCreateAsync(source, pullRequest, cancellationToken)
                : await refs.TryReplaceAsync(source, existing, pullRequest, cancellationToken))
            {
                return pullRequest;
            }
        }

        throw new StageException(FaultKind.Transient, "pull_requests_busy",
            $"Others opened pull requests in {source.Path} {MaxAttempts} times at the same moment");
    }

    private LocalPullRequest Draw(PullRequestDraft draft, int number, DateTimeOffset createdAt) => new()
    {
        Number = number,
        Title = string.Join(' ', draft.Title.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)),
        State = LocalPullRequestState.Open,
        Branch = draft.Branch,
        HeadSha = draft.Change.CommitSha,
        BaseBranch = draft.BaseBranch,
        BaseSha = draft.Change.BaseSha,
        Author = $"{options.AuthorName} <{options.AuthorEmail}>",
        Job = draft.Job.Value,
        FilesChanged = draft.Change.FilesChanged,
        Insertions = draft.Change.Insertions,
        Deletions = draft.Change.Deletions,
        CreatedAt = createdAt,
        UpdatedAt = clock.GetUtcNow(),
        Labels = draft.Labels is { Count: > 0 } labels ? labels : null,
        Body = draft.Body,
    };
}
