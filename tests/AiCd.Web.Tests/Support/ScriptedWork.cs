using System.Collections.Concurrent;
using AiCd.Actors.Budgets;
using AiCd.Actors.Jobs;
using AiCd.Actors.Jobs.Payloads;
using AiCd.Actors.Journal;
using AiCd.Actors.Ports;
using AiCd.Actors.Stages;

namespace AiCd.Web.Tests.Support;

/// <summary>
/// Stages without agents. A job's title says where it stays or fails: <c>hold:CODING</c> waits there until it is let go, <c>fail:CODING</c>
/// fails there for good, <c>talk</c> speaks while it plans, <c>hostile</c> leaves results that try to run in a browser, <c>reject</c> is
/// turned down by its first review, <c>turns</c> records a turn in its planning, <c>chatter</c> counts while it plans until it is let go,
/// <c>dear</c> sets two dollars aside before it codes.
/// </summary>
internal sealed class ScriptedWork(RepositoryFake repository, IStore store, SpendingRules rules, TimeProvider time) : IStageWork
{
    public const string Diff = "diff --git a/a.txt b/a.txt\n--- a/a.txt\n+++ b/a.txt\n@@ -1 +1 @@\n-old\n+new\n";

    /// <summary>So long that it is kept beside the event.</summary>
    public static string Turn { get; } = $$"""{"role":"assistant","text":"{{new string('t', 4_000)}}"}""";

    private readonly ConcurrentDictionary<string, TaskCompletionSource> _gates = new();

    public void LetGo(JobId job, Stage stage) => GateOf(job, stage).TrySetResult();

    public async Task<StageOutcome> RunAsync(StageRun run, CancellationToken cancellationToken)
    {
        var title = run.Job.Submission.Title;
        var stage = WireNames.Of(run.Stage);
        if (title.Contains($"fail:{stage}", StringComparison.Ordinal))
        {
            run.Progress.Record("agent", $"I tried {stage}");
            throw new StageException(FaultKind.Permanent, "agent_failed", "It broke");
        }

        if (title.Contains($"hold:{stage}", StringComparison.Ordinal))
        {
            await GateOf(run.Job.Id, run.Stage).Task.WaitAsync(cancellationToken);
        }

        if (title.Contains("dear", StringComparison.Ordinal) && run.Stage == Stage.Coding)
        {
            await new StageRecord(run, [], store.Ledger, rules, time).ReserveAsync("model", 2_000_000, cancellationToken);
        }

        if (title.Contains("chatter", StringComparison.Ordinal) && run.Stage == Stage.Planning)
        {
            await ChatterAsync(run, GateOf(run.Job.Id, run.Stage).Task, cancellationToken);
        }

        if (title.Contains("hostile", StringComparison.Ordinal) && run.Stage != Stage.PrOpen)
        {
            return HostileWork.Of(run, repository.BaseSha);
        }

        if (title.Contains("reject", StringComparison.Ordinal) && run.Stage == Stage.Reviewing && run.Job.RejectedRounds == 0)
        {
            return HostileWork.Rejection(run);
        }

        if (title.Contains("talk", StringComparison.Ordinal))
        {
            run.Progress.Report($"{stage} is under way");
            run.Progress.Record("agent", $"I do {stage}");
        }

        var (id, at) = (run.Attempt.Id, run.Attempt.StartedAt);
        if (title.Contains("turns", StringComparison.Ordinal) && run.Stage == Stage.Planning)
        {
            var turn = NewArtifact.Text(ArtifactKinds.Turn, Turn, "application/json");
            await run.Commands.RecordAsync(new JobCommand.RecordTurn(id, "model", turn.Ref, Prompt: null, Usage: null) { At = at }, [turn.Content!], cancellationToken);
        }

        return run.Stage switch
        {
            Stage.Planning => Outcome(
                ArtifactKinds.Plan,
                $$"""{"summary":"Do it","steps":["{{run.Job.Feedback.Count}}"],"files":[],"risks":[],"testStrategy":"Try {{new string('x', 2_000)}}"}""",
                "application/json",
                refs => new JobCommand.CompletePlanning(id, "Do it", refs, repository.BaseSha) { At = at }),
            Stage.Coding => Outcome(
                ArtifactKinds.Diff, Diff, "text/x-diff", refs => new JobCommand.CompleteCoding(id, "Done", new CommittedChange("c1", "t1", repository.BaseSha, "m", 1, 1, 1), refs) { At = at }),
            Stage.Reviewing => Outcome(
                ArtifactKinds.Review, """{"verdict":"APPROVE","summary":"Good","comments":[]}""", "application/json", refs => new JobCommand.ApproveReview(id, "t1", "Good", refs) { At = at }),
            _ => new StageOutcome(
                new JobCommand.RecordPullRequest(id, new PullRequestRef(7, "https://forge.example/7", run.Job.Submission.Branch, "c1"), CompletesJob: true) { At = at }, []),
        };
    }

    private static async Task ChatterAsync(StageRun run, Task letGo, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        for (var said = 1; !letGo.IsCompleted && await timer.WaitForNextTickAsync(cancellationToken); said++)
        {
            run.Progress.Report($"{said}");
            run.Progress.Record("agent", $"{said}");
        }
    }

    private TaskCompletionSource GateOf(JobId job, Stage stage) =>
        _gates.GetOrAdd($"{job} {stage}", _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));

    private static StageOutcome Outcome(string kind, string text, string mediaType, Func<IReadOnlyList<ArtifactRef>, JobCommand> command)
    {
        var artifact = NewArtifact.Text(kind, text, mediaType);
        return new StageOutcome(command([artifact.Ref]), artifact.Content is { } content ? [content] : []);
    }
}

/// <summary>Repositories that are there for the asking: any path below <c>/repos</c>, any https address, and owner/repo.</summary>
internal sealed class RepositoryFake : IWorkspaces
{
    public string BaseSha { get; set; } = "base-1";

    public Task<RepositoryTarget> ResolveAsync(string tenant, string repository, string? baseBranch, CancellationToken cancellationToken)
    {
        var path = repository.StartsWith("file://", StringComparison.Ordinal) ? repository["file://".Length..] : repository;
        return path.StartsWith("/repos/", StringComparison.Ordinal) ? Found("file://" + Path.GetFullPath(path))
            : path.StartsWith("https://", StringComparison.Ordinal) ? Found(path)
            : path.Split('/') is [var owner, var name] ? Found($"https://github.com/{owner}/{name}")
            : throw new StageException(FaultKind.Permanent, "repository_missing", $"There is no repository at {repository}");

        Task<RepositoryTarget> Found(string address) => baseBranch == "gone"
            ? throw new StageException(FaultKind.Permanent, "base_missing", "There is no branch gone")
            : Task.FromResult(new RepositoryTarget(address, baseBranch ?? "main", BaseSha));
    }

    public Task<IWorkspace> OpenAsync(WorkspaceRequest request, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<JobId>> ListAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<JobId>>([]);

    public Task RemoveAsync(JobId job, CancellationToken cancellationToken) => Task.CompletedTask;
}

internal sealed class AgentNames : IAgents
{
    public IReadOnlyCollection<string> Names { get; } = ["mock", "other"];

    public IAgent? Find(string name) => Names.Contains(name) ? new Named(name) : null;

    private sealed record Named(string Name) : IAgent
    {
        public Task<PlanResult> PlanAsync(StageContext context, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<CodeResult> CodeAsync(StageContext context, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<ReviewResult> ReviewAsync(StageContext context, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}

/// <summary>Who may write, as the forge would say.</summary>
internal sealed class Writers(IInstallationTenants installations) : IForgePermissions
{
    public HashSet<string> Logins { get; } = ["ann"];

    public Task<ForgeRole> FindAsync(string tenant, string repository, string user, CancellationToken cancellationToken) =>
        Task.FromResult(Logins.Contains(user) ? ForgeRole.Write : ForgeRole.Read);

    public async Task<string?> TenantOfAsync(long installation, CancellationToken cancellationToken) =>
        (await installations.ListAsync(cancellationToken)).GetValueOrDefault(installation);
}
