using System.Globalization;
using AiCd.Actors.Ports;
using AiCd.Forge.GitHub.Api;
using AiCd.Forge.GitHub.Auth;

namespace AiCd.Forge.GitHub.Triggers;

/// <summary>
/// Hands reviews and remarks on lines that may be commands to the inbox of the service, where no webhook does so: those of a pull request
/// from where it was heard last. What was said before anybody listened in its repository is not obeyed.
/// </summary>
internal sealed class ReviewPoll(GitHubHost host, GitHubAccesses accesses, PullApi pulls, GitHubOptions options, TimeProvider time, IForgeInbox? inbox = null)
{
    // GitHub may show a review later than one that was submitted after it; what is listed twice is one for the inbox.
    private static readonly TimeSpan Overlap = TimeSpan.FromSeconds(30);

    public bool Listens => inbox is not null && !options.HasWebhook;

    /// <summary>From now on what is said in the repository counts.</summary>
    /// <returns>Since when it does; null where it has begun just now.</returns>
    public async Task<DateTimeOffset?> ListenAsync(RepositoryName repository, CancellationToken cancellationToken)
    {
        if (await inbox!.FindPositionAsync(SourceOf(repository), cancellationToken) is { } start)
        {
            return start;
        }

        await inbox.MoveAsync(SourceOf(repository), time.GetUtcNow(), cancellationToken);
        return null;
    }

    /// <summary>Remarks on lines are asked for only where a review is new: each belongs to one, and is shown when that is submitted.</summary>
    /// <param name="reviews">All of the pull request.</param>
    public async Task LookAsync(IGitHubAccess access, RepositoryName repository, int number, IReadOnlyList<ReviewBody> reviews, CancellationToken cancellationToken)
    {
        if (await ListenAsync(repository, cancellationToken) is not { } start)
        {
            return;
        }

        var pull = string.Create(CultureInfo.InvariantCulture, $"{SourceOf(repository)}/pull/{number}");
        var position = await inbox!.FindPositionAsync(pull, cancellationToken);
        var since = (position ?? start) - Overlap;
        var fresh = reviews.Where(review => review.SubmittedAt >= since).ToDictionary(review => review.Id);
        if (fresh.Count == 0)
        {
            return;
        }

        var installation = await accesses.FindInstallationAsync(repository, cancellationToken);
        foreach (var review in fresh.Values.Where(review => FoundWords.MayCommand(review.Body)))
        {
            await inbox.ReceiveAsync(
                FoundWords.IdOf(host, "review", review.Id), CommentEvent.Review, CommentEvent.Of(review, repository, number, installation), cancellationToken);
        }

        foreach (var comment in await pulls.ListReviewCommentsAsync(access, repository, number, cancellationToken))
        {
            if (FoundWords.MayCommand(comment.Body) && comment.PullRequestReviewId is { } of && fresh.TryGetValue(of, out var review))
            {
                await inbox.ReceiveAsync(
                    FoundWords.IdOf(host, "review comment", comment.Id),
                    CommentEvent.ReviewComment,
                    CommentEvent.Of(comment, review, repository, number, installation),
                    cancellationToken);
            }
        }

        if (fresh.Values.Max(review => review.SubmittedAt) is { } newest && !(newest <= position))
        {
            await inbox.MoveAsync(pull, newest, cancellationToken);
        }
    }

    private string SourceOf(RepositoryName repository) => $"reviews of {host.PageOf(repository).ToLowerInvariant()}";
}
