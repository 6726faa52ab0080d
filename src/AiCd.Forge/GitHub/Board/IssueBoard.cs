using System.Collections.Concurrent;
using System.Net;
using AiCd.Actors.Jobs;
using AiCd.Actors.Ports;
using AiCd.Forge.GitHub.Api;
using AiCd.Forge.GitHub.Auth;
using AiCd.Forge.GitHub.Http;
using Microsoft.Extensions.Logging;

namespace AiCd.Forge.GitHub.Board;

/// <summary>
/// Keeps one status comment on each issue in step with its job. It is reconciled and not journaled: the comment is found by its mark,
/// compared with what it should say, and made or edited. One that a paused node doubled is deleted; the oldest is kept. A node that knows
/// less than the comment shows leaves it alone.
/// </summary>
public sealed class IssueBoard
{
    private readonly ConcurrentDictionary<string, string> _shown = new(StringComparer.Ordinal);
    private readonly GitHubHost _host;
    private readonly GitHubRepositories _repositories;
    private readonly GitHubAccesses _accesses;
    private readonly IssueApi _issues;
    private readonly OwnLogin _login;
    private readonly ILogger<IssueBoard> _logger;

    internal IssueBoard(GitHubHost host, GitHubRepositories repositories, GitHubAccesses accesses, IssueApi issues, OwnLogin login, ILogger<IssueBoard> logger)
    {
        _host = host;
        _repositories = repositories;
        _accesses = accesses;
        _issues = issues;
        _login = login;
        _logger = logger;
    }

    /// <summary>Whether the job has an issue to show its status on.</summary>
    public bool Shows(Job job) => _host.Issue(job.Submission.Url) is not null;

    /// <summary>Brings the issue's comment up to date.</summary>
    /// <exception cref="StageException">GitHub did not take it.</exception>
    public async Task ReconcileAsync(Job job, CancellationToken cancellationToken)
    {
        if (_host.Issue(job.Submission.Url) is not { } issue)
        {
            return;
        }

        var text = StatusText.Of(job);
        var place = _host.PageOf(issue.Repository, issue.Number);
        if (_shown.TryGetValue(place, out var shown) && StatusText.WithoutMark(shown) == StatusText.WithoutMark(text))
        {
            return;
        }

        try
        {
            var repository = (await _repositories.FindAsync(job.Submission.Tenant, issue.Repository, cancellationToken)).Repository;
            var access = await _accesses.ForAsync(repository, TokenUse.Work, cancellationToken);
            await WriteAsync(access, repository, issue.Number, job, text, cancellationToken);
            Remember(job, place, text);
        }
        catch (GitHubException e)
        {
            throw e.ToStageException();
        }
    }

    private async Task WriteAsync(IGitHubAccess access, RepositoryName repository, int number, Job job, string text, CancellationToken cancellationToken)
    {
        var comments = await OwnAsync(access, repository, number, cancellationToken);
        if (comments.Count == 0)
        {
            await TryCommentAsync(access, repository, number, text, cancellationToken);
            comments = await OwnAsync(access, repository, number, cancellationToken);
        }

        foreach (var doubled in comments.Skip(1))
        {
            _logger.DoubleDeleted($"{repository}#{number}");
            await DeleteAsync(access, repository, doubled.Id, cancellationToken);
        }

        if (comments.FirstOrDefault() is { } comment && IsOlder(comment, job) && StatusText.WithoutMark(comment.Body!) != StatusText.WithoutMark(text))
        {
            await _issues.EditCommentAsync(access, repository, comment.Id, text, cancellationToken);
        }
    }

    /// <summary>What became of an attempt without an answer is told by the list that follows.</summary>
    private async Task TryCommentAsync(IGitHubAccess access, RepositoryName repository, int number, string text, CancellationToken cancellationToken)
    {
        try
        {
            await _issues.CommentAsync(access, repository, number, text, cancellationToken);
        }
        catch (GitHubUnavailableException)
        {
            if ((await OwnAsync(access, repository, number, cancellationToken)).Count == 0)
            {
                throw;
            }
        }
    }

    private async Task DeleteAsync(IGitHubAccess access, RepositoryName repository, long comment, CancellationToken cancellationToken)
    {
        try
        {
            await _issues.DeleteCommentAsync(access, repository, comment, cancellationToken);
        }
        catch (GitHubRefusedException refused) when (refused.Status is HttpStatusCode.NotFound or HttpStatusCode.Gone)
        {
            // Another node was faster.
        }
    }

    /// <summary>AiCd's own status comments, oldest first. What others wrote counts for nothing, whatever marks it bears.</summary>
    private async Task<List<CommentBody>> OwnAsync(IGitHubAccess access, RepositoryName repository, int number, CancellationToken cancellationToken)
    {
        var login = await _login.FindAsync(cancellationToken);
        var all = await _issues.ListCommentsAsync(access, repository, number, cancellationToken);
        return [.. all.Where(comment => StatusText.Read(comment.Body) is not null && login.Equals(comment.User?.Login, StringComparison.OrdinalIgnoreCase)).OrderBy(comment => comment.Id)];
    }

    /// <summary>Ids of jobs sort by age: a later job of the same issue takes the comment over.</summary>
    private static bool IsOlder(CommentBody comment, Job job) => StatusText.Read(comment.Body) is { } mark
        && (mark.Job == job.Id.Value ? mark.Seq < job.Seq : string.CompareOrdinal(mark.Job, job.Id.Value) < 0);

    private void Remember(Job job, string place, string text)
    {
        if (job.State.IsTerminal())
        {
            _shown.TryRemove(place, out _);
        }
        else
        {
            _shown[place] = text;
        }
    }
}
