using System.Globalization;
using System.Net;
using AiCd.Actors.Jobs;
using AiCd.Actors.Journal;
using AiCd.Actors.Ports;
using AiCd.Actors.Runtime;
using AiCd.Forge.GitHub.Api;
using AiCd.Forge.GitHub.Auth;
using AiCd.Forge.GitHub.Board;
using AiCd.Forge.GitHub.Http;
using AiCd.Forge.GitHub.Work;

namespace AiCd.Forge.GitHub.Triggers;

/// <summary>
/// What becomes of a job's pull request: merged and passed ones complete a job that waits for that, a closed one ends it, and what
/// reviewers and checks object to starts a job that answers. The key of such a job is the review or the commit whose checks failed, so
/// that each is answered once, however often it is seen.
/// </summary>
internal sealed class PullRequestWatch(
    GitHubRepositories repositories, GitHubAccesses accesses, PullApi pulls, RepositoryApi api, GitHubPermissions permissions, OwnLogin login,
    ReviewPoll commands, FollowUps followUps, IStore store, EngineOptions engine, TimeProvider time)
{
    private const string By = "github";

    // Checks begin a while after the push that they are for.
    private static readonly TimeSpan TimeToBegin = TimeSpan.FromMinutes(2);

    private static readonly string[] Failures = ["failure", "timed_out", "startup_failure"];

    /// <returns>The job that opened the pull request, or null where none did.</returns>
    /// <exception cref="StageException">GitHub did not answer.</exception>
    public async Task<JobId?> LookAsync(IJobGateway jobs, string tenant, RepositoryName name, int number, CancellationToken cancellationToken)
    {
        if (await FindJobAsync(jobs, tenant, name, number, cancellationToken) is not { } job)
        {
            return null;
        }

        await LookAsync(jobs, job, cancellationToken);
        return job.Id;
    }

    /// <summary>The job is found by the mark of the pull request, and believed only if it knows of that one too.</summary>
    /// <exception cref="StageException">GitHub did not answer.</exception>
    public async Task<Job?> FindJobAsync(IJobGateway jobs, string tenant, RepositoryName name, int number, CancellationToken cancellationToken)
    {
        try
        {
            var repository = (await repositories.FindAsync(tenant, name, cancellationToken)).Repository;
            var access = await accesses.ForAsync(repository, TokenUse.Work, cancellationToken);
            return await pulls.FindAsync(access, repository, number, cancellationToken) is { } pull
                && PullRequestBody.JobOf(pull.Body) is { } id
                && await jobs.FindAsync(id, cancellationToken) is { } job
                && job.Submission.Tenant == tenant
                && job.PullRequest?.Number == number
                && repositories.Named(job.Submission.Repository) is { } named && (named == name || named == repository)
                    ? job
                    : null;
        }
        catch (GitHubException e)
        {
            throw e.ToStageException();
        }
    }

    /// <exception cref="StageException">GitHub did not answer.</exception>
    public async Task LookAsync(IJobGateway jobs, Job job, CancellationToken cancellationToken)
    {
        try
        {
            if (await FindAsync(jobs, job, cancellationToken) is var (scene, pull))
            {
                await (pull.State == "open" ? JudgeAsync(scene, cancellationToken) : EndAsync(scene, pull, cancellationToken));
            }
        }
        catch (GitHubException e)
        {
            throw e.ToStageException();
        }
    }

    /// <summary>Ends the job with its pull request where that is merged or closed; of one that is open nothing else is asked.</summary>
    /// <returns>Whether it is.</returns>
    /// <exception cref="GitHubException">GitHub did not answer.</exception>
    public async Task<bool> EndAsync(IJobGateway jobs, Job job, CancellationToken cancellationToken)
    {
        if (await FindAsync(jobs, job, cancellationToken) is not var (scene, pull) || pull.State == "open")
        {
            return false;
        }

        await EndAsync(scene, pull, cancellationToken);
        return true;
    }

    /// <returns>Null where the job has no pull request, or none that is its own.</returns>
    private async Task<(Scene Scene, PullBody Pull)?> FindAsync(IJobGateway jobs, Job job, CancellationToken cancellationToken)
    {
        if (job.PullRequest is not { } opened || repositories.Named(job.Submission.Repository) is not { } name)
        {
            return null;
        }

        var repository = (await repositories.FindAsync(job.Submission.Tenant, name, cancellationToken)).Repository;
        var access = await accesses.ForAsync(repository, TokenUse.Work, cancellationToken);
        return await pulls.FindAsync(access, repository, opened.Number, cancellationToken) is { } pull && PullRequestBody.IsOf(job.Id, pull.Body, opened.Branch)
            ? (new Scene(jobs, job, repository, access, opened.Number, opened.HeadSha), pull)
            : null;
    }

    private async Task EndAsync(Scene scene, PullBody pull, CancellationToken cancellationToken)
    {
        if (!scene.Job.State.IsTerminal())
        {
            JobCommand command = pull.MergedAt is not null
                ? new JobCommand.Complete { At = Now() }
                : new JobCommand.Cancel("The pull request was closed without being merged", By) { At = Now() };
            await scene.Jobs.SendAsync(scene.Job.Id, command, cancellationToken: cancellationToken);
        }
    }

    private async Task JudgeAsync(Scene scene, CancellationToken cancellationToken)
    {
        var checks = await ChecksAsync(scene, cancellationToken);
        var failed = checks.Where(check => Failures.Contains(check.Conclusion)).ToList();
        var settled = checks.All(check => check.Status == "completed");
        var reviews = await pulls.ListReviewsAsync(scene.Access, scene.Repository, scene.Number, cancellationToken);
        if (commands.Listens)
        {
            await commands.LookAsync(scene.Access, scene.Repository, scene.Number, reviews, cancellationToken);
        }

        if (await ObjectionAsync(scene, reviews, cancellationToken) is { } objection)
        {
            await followUps.AnswerAsync(scene.Jobs, scene.Job, objection, cancellationToken);
        }
        else if (settled && failed.Count > 0)
        {
            var summary = $"Checks of the pull request failed: {string.Join(", ", failed.Select(check => check.Name))}";
            var remarks = new Remarks(summary, RemarksText.Of(failed), By, Key(scene, $"checks {scene.Sha}"));
            await followUps.AnswerAsync(scene.Jobs, scene.Job, remarks, cancellationToken);
        }
        else if (settled && scene.Job.State == JobState.PrOpen && engine.CompleteOn == EngineOptions.CompletedByChecks
            && (checks.Count > 0 || time.GetUtcNow() - scene.Job.UpdatedAt > TimeToBegin))
        {
            await scene.Jobs.SendAsync(scene.Job.Id, new JobCommand.Complete { At = Now() }, cancellationToken: cancellationToken);
        }
    }

    /// <summary>The first review of exactly this commit, by somebody who may write, that wants something changed and was not answered.</summary>
    private async Task<Remarks?> ObjectionAsync(Scene scene, List<ReviewBody> all, CancellationToken cancellationToken)
    {
        var own = await login.FindAsync(cancellationToken);
        var reviews = all
            .Where(review => review.CommitId == scene.Sha && review.State is "CHANGES_REQUESTED" or "COMMENTED")
            .Where(review => review.User is { Login: { } by, Type: not "Bot" } && !own.Equals(by, StringComparison.OrdinalIgnoreCase))
            .ToList();
        var comments = reviews.Count == 0 ? [] : await pulls.ListReviewCommentsAsync(scene.Access, scene.Repository, scene.Number, cancellationToken);
        foreach (var review in reviews)
        {
            var remarks = comments.Where(comment => comment.PullRequestReviewId == review.Id && !FoundWords.IsCommand(comment.Body)).ToList();
            var key = Key(scene, string.Create(CultureInfo.InvariantCulture, $"review {review.Id}"));
            if ((review.State == "CHANGES_REQUESTED" || remarks.Count > 0)
                && await store.Journal.FindClaimAsync(scene.Job.Submission.Tenant, ClaimKinds.Idempotency, key, cancellationToken) is null
                && await permissions.FindAsync(scene.Job.Submission.Tenant, scene.Repository.ToString(), review.User!.Login!, cancellationToken) >= ForgeRole.Write)
            {
                return new Remarks($"{review.User.Login} asked for changes", RemarksText.Of(review, remarks), review.User.Login, key);
            }
        }

        return null;
    }

    private async Task<List<CheckRunBody>> ChecksAsync(Scene scene, CancellationToken cancellationToken)
    {
        try
        {
            var all = await api.ListCheckRunsAsync(scene.Access, scene.Repository, scene.Sha, cancellationToken);
            return [.. all.Where(check => check.Name != GitHubEvidence.Name)];
        }
        catch (GitHubRefusedException refused) when (refused.Status is HttpStatusCode.Forbidden or HttpStatusCode.NotFound)
        {
            // Without the permission there are no checks to be seen.
            return [];
        }
    }

    private static string Key(Scene scene, string what) =>
        string.Create(CultureInfo.InvariantCulture, $"{scene.Job.Submission.Repository.ToLowerInvariant()}/pull/{scene.Number} {what}");

    private DateTimeOffset Now() => DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds());

    private sealed record Scene(IJobGateway Jobs, Job Job, RepositoryName Repository, IGitHubAccess Access, int Number, string Sha);
}
