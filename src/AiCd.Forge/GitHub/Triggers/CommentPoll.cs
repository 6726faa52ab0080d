using AiCd.Actors.Ports;
using AiCd.Forge.GitHub.Api;
using AiCd.Forge.GitHub.Auth;

namespace AiCd.Forge.GitHub.Triggers;

/// <summary>
/// Hands comments that may be commands to the inbox of the service, where no webhook does so: each repository's from where it was
/// heard last. What was said before anybody listened is not obeyed, nor what an old comment was made to say afterwards.
/// </summary>
internal sealed class CommentPoll(GitHubHost host, GitHubAccesses accesses, IssueApi issues, GitHubOptions options, TimeProvider time, IForgeInbox? inbox = null)
{
    // GitHub may show a comment later than one that was made after it; what is listed twice is one for the inbox.
    private static readonly TimeSpan Overlap = TimeSpan.FromSeconds(30);

    public bool Listens => inbox is not null && !options.HasWebhook;

    public async Task LookAsync(RepositoryName repository, long? installation, CancellationToken cancellationToken)
    {
        var source = $"comments of {host.PageOf(repository).ToLowerInvariant()}";
        if (await inbox!.FindPositionAsync(source, cancellationToken) is not { } position)
        {
            await inbox.MoveAsync(source, time.GetUtcNow(), cancellationToken);
            return;
        }

        var since = position - Overlap;
        var access = await accesses.ForAsync(repository, TokenUse.Work, cancellationToken);
        var comments = await issues.ListCommentsAsync(access, repository, since, cancellationToken);
        foreach (var comment in comments.Where(comment => comment.CreatedAt >= since && FoundWords.MayCommand(comment.Body)))
        {
            if (host.Issue(comment.HtmlUrl) is { } issue)
            {
                await inbox.ReceiveAsync(FoundWords.IdOf(host, "comment", comment.Id), CommentEvent.Comment, CommentEvent.Of(comment, repository, issue.Number, installation), cancellationToken);
            }
        }

        if (comments.Max(comment => comment.UpdatedAt) is { } newest && newest > position)
        {
            await inbox.MoveAsync(source, newest, cancellationToken);
        }
    }
}
