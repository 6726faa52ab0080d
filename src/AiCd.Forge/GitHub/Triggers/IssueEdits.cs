using System.Collections.Concurrent;
using AiCd.Actors.Jobs;
using AiCd.Actors.Jobs.Payloads;
using AiCd.Actors.Journal;
using AiCd.Actors.Ports;
using AiCd.Actors.Runtime;
using AiCd.Forge.GitHub.Api;
using AiCd.Forge.GitHub.Auth;
using Microsoft.Extensions.Logging;

namespace AiCd.Forge.GitHub.Triggers;

/// <summary>
/// Whose words a job works on. Somebody who may write read an issue and marked it: what others make of it from then on, its author
/// included, reaches no job before somebody who may write has saved the words himself, or marked the issue again.
/// </summary>
internal sealed class IssueEdits(IssueWordsApi api, GitHubPermissions permissions, TimeProvider time, ILogger<IssueEdits> logger)
{
    private const string By = "github";
    private const int MaxTold = 1_000;

    // Of each issue the edit that was told of last, so that every look does not tell of it again.
    private readonly ConcurrentDictionary<string, WordsEdit> _told = new(StringComparer.Ordinal);

    /// <param name="marked">When the issue was marked; null where that is not known.</param>
    /// <returns>The issue with words that go together with who wrote them, or why those must not make a job.</returns>
    public async Task<(IssueBody Issue, string? Objection)> ReadAsync(
        IGitHubAccess access, string tenant, RepositoryName name, IssueBody issue, DateTimeOffset? marked, CancellationToken cancellationToken)
    {
        if (await api.FindAsync(access, name, issue.Number, cancellationToken) is not { } words)
        {
            return (issue, "there is no such issue");
        }

        foreach (var edit in new[] { words.Renamed, words.Rewritten }.OfType<WordsEdit>())
        {
            if (!await CountsAsync(tenant, name, edit, marked, cancellationToken))
            {
                return (issue, $"{Who(edit)} changed the issue when it was marked already, and may not write into {name}: read it, and mark it again");
            }
        }

        return (Said(issue, words), null);
    }

    /// <summary>Tells the job what the issue says now, as far as it is to go by that.</summary>
    /// <param name="marked">When somebody who may write marked the issue again; null where nobody did.</param>
    public async Task FollowAsync(
        IJobGateway jobs, Job job, IGitHubAccess access, RepositoryName name, IssueBody issue, DateTimeOffset? marked, CancellationToken cancellationToken)
    {
        // Later the change is there already, and is spoken of on the pull request.
        if (job.PullRequest is not null || IssueText.IsOf(job, issue) || await api.FindAsync(access, name, issue.Number, cancellationToken) is not { } words)
        {
            return;
        }

        var said = Said(issue, words);
        var tenant = job.Submission.Tenant;
        var (title, body) = (IssueText.Title(said), NewArtifact.Text(ArtifactKinds.Issue, IssueText.Body(said), "text/markdown"));
        var renamed = title != job.Submission.Title && await FollowsAsync(tenant, name, issue.Number, words.Renamed, marked, cancellationToken);
        var rewritten = body.Ref.Sha256 != job.Submission.Body.Sha256 && await FollowsAsync(tenant, name, issue.Number, words.Rewritten, marked, cancellationToken);
        if (renamed || rewritten)
        {
            // What rests on the old text, an approval above all, is the job's own affair.
            await jobs.SendAsync(
                job.Id,
                new JobCommand.EditIssue(renamed ? title : job.Submission.Title, rewritten ? body.Ref : job.Submission.Body, By) { At = Now() },
                rewritten && body.Content is { } content ? [content] : [],
                cancellationToken);
        }
    }

    private async Task<bool> FollowsAsync(string tenant, RepositoryName name, int number, WordsEdit? edit, DateTimeOffset? marked, CancellationToken cancellationToken)
    {
        if (edit is null || await CountsAsync(tenant, name, edit, marked, cancellationToken))
        {
            return edit is not null;
        }

        Tell($"{name}#{number}", edit);
        return false;
    }

    private void Tell(string issue, WordsEdit edit)
    {
        if (_told.TryGetValue(issue, out var told) && told == edit)
        {
            return;
        }

        if (_told.Count >= MaxTold)
        {
            _told.Clear();
        }

        _told[issue] = edit;
        logger.EditIgnored(issue, Who(edit));
    }

    /// <summary>GitHub's times are whole seconds: what was changed within that of the mark was perhaps not read.</summary>
    private async Task<bool> CountsAsync(string tenant, RepositoryName name, WordsEdit edit, DateTimeOffset? marked, CancellationToken cancellationToken) =>
        edit.At < marked || (edit.By is { } by && await permissions.FindAsync(tenant, name.ToString(), by, cancellationToken) >= ForgeRole.Write);

    private static IssueBody Said(IssueBody issue, IssueWords words) => issue with { Title = words.Title, Body = words.Body };

    private static string Who(WordsEdit edit) => edit.By ?? "an app, or somebody who is gone,";

    private DateTimeOffset Now() => DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds());
}
