using AiCd.Actors.Jobs;
using AiCd.Actors.Jobs.Payloads;
using AiCd.Actors.Journal;
using AiCd.Actors.Runtime;
using AiCd.Testing;
using AiCd.Testing.GitHub;
using Microsoft.Extensions.Logging.Abstractions;

namespace AiCd.Forge.Tests.GitHub;

internal static class JobSteps
{
    public const string Head = "c0ffee";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>An engine whose stages wait for ever.</summary>
    public static Task<EngineNode> EngineAsync(IStore store, EngineOptions? options = null) => EngineNode.StartAsync(
        store, NoWork.Instance, options ?? new EngineOptions(), recover: false, TimeProvider.System, NullLogger<EngineNode>.Instance, Cancel);

    /// <summary>Takes the job through its stages, as those who work in them would, until its pull request is open.</summary>
    /// <param name="waits">Whether it waits for what becomes of that.</param>
    /// <param name="at">When all of it happens; now where nothing is said.</param>
    public static async Task<Job> OpenAsync(EngineNode engine, FakeRepository repository, JobId id, bool waits = false, DateTimeOffset? at = null)
    {
        var time = at ?? TimeProvider.System.GetUtcNow();
        var change = new CommittedChange(Head, "feed", "base", "Change", 1, 1, 0);
        await SayAsync(JobState.Planning, attempt => new JobCommand.CompletePlanning(attempt, "Plan", []) { At = time });
        await SayAsync(JobState.Coding, attempt => new JobCommand.CompleteCoding(attempt, "Code", change, []) { At = time });
        await SayAsync(JobState.Reviewing, attempt => new JobCommand.ApproveReview(attempt, change.TreeSha, "Good", []) { At = time });
        var submission = (await engine.Gateway.FindAsync(id, Cancel))!.Submission;
        var pull = new FakePull
        {
            Number = 50 + repository.Pulls.Count,
            Title = "Change",
            Body = $"Closes #{submission.Url?.Split('/')[^1]}\n\n<!-- aicd:job {id} -->",
            Author = "octo",
            Base = submission.BaseBranch,
            HeadRepository = repository,
            Branch = submission.Branch,
            Draft = false,
        };
        repository.Pulls.Add(pull);
        await SayAsync(
            JobState.PrOpen,
            attempt => new JobCommand.RecordPullRequest(attempt, new PullRequestRef(pull.Number, "url", submission.Branch, Head), CompletesJob: !waits) { At = time });
        return (await engine.Gateway.FindAsync(id, Cancel))!;

        async Task SayAsync(JobState state, Func<string, JobCommand> command)
        {
            string? attempt = null;
            await Eventually.HoldsAsync(async () => (attempt = await engine.Gateway.FindAsync(id, Cancel) is { } job && job.State == state ? job.Entry.Running?.Id : null) is not null, Cancel);
            (await engine.Gateway.SendAsync(id, command(attempt!), cancellationToken: Cancel)).ShouldBeOfType<CommandResult.Applied>();
        }
    }
}
