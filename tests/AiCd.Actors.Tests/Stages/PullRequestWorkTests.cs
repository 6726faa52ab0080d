using AiCd.Actors.Budgets;
using AiCd.Actors.Jobs;
using AiCd.Actors.Jobs.Payloads;
using AiCd.Actors.Jobs.Stored;
using AiCd.Actors.Journal;
using AiCd.Actors.Journal.InMemory;
using AiCd.Actors.Ports;
using AiCd.Actors.Runtime;
using AiCd.Actors.Stages;
using AiCd.Actors.Tests.Jobs;

namespace AiCd.Actors.Tests.Stages;

public sealed class PullRequestWorkTests
{
    private static readonly InMemoryStore Store = new();
    private static readonly WishfulRepository Rules = new(new RepositoryWishes(null, null, ["from-base"]));

    private readonly List<string> _log = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_effect_is_intended_probed_done_and_recorded_and_the_opening_is_asked_for_once_more()
    {
        var outcome = await WorkOn(new Forge(_log)).RunAsync(Run(Ready()), Token);

        _log.ShouldBe([
            "intend push", "find branch", "push", "done push",
            "intend pull_request", "find pull request", "intend pull_request", "act", "open"]);
        outcome.Command.ShouldBeOfType<JobCommand.RecordPullRequest>().PullRequest.Number.ShouldBe(7);
    }

    [Fact]
    public async Task The_labels_that_the_repository_asks_for_go_to_the_pull_request()
    {
        var forge = new Forge(_log);

        await WorkOn(forge).RunAsync(Run(Ready()), Token);

        forge.Draft.ShouldNotBeNull().Labels.ShouldBe(["from-base"]);
    }

    [Fact]
    public async Task What_an_earlier_attempt_left_is_found_and_not_done_again()
    {
        var outcome = await WorkOn(new Forge(_log) { Pushed = true, Opened = true }).RunAsync(Run(Ready()), Token);

        _log.ShouldBe(["intend push", "find branch", "done push", "intend pull_request", "find pull request"]);
        outcome.Command.ShouldBeOfType<JobCommand.RecordPullRequest>();
    }

    [Fact]
    public async Task A_job_that_was_cancelled_during_the_probe_opens_nothing()
    {
        var forge = new Forge(_log);
        forge.OnFindPullRequest = () => forge.Superseded = true;

        await Should.ThrowAsync<SupersededException>(() => WorkOn(forge).RunAsync(Run(Ready(), forge), Token));

        _log.ShouldNotContain("open");
    }

    [Theory]
    [InlineData(true, "find pull request, act, find pull request, close", "https://forge/pull/7")]
    [InlineData(false, "find pull request", "there was none")]
    public async Task A_cancelled_job_closes_what_it_opened(bool opened, string done, string said)
    {
        var job = JobStory.PrOpen().Then(Do.Intend("o1", Effects.PullRequest), Do.Cancel(), Do.Start(Stage.PrOpen, "z1")).Job;

        var outcome = await WorkOn(new Forge(_log) { Opened = opened }).RunAsync(Run(job), Token);

        string.Join(", ", _log).ShouldBe(done);
        var effect = outcome.Command.ShouldBeOfType<JobCommand.CompleteEffect>();
        (effect.Effect, effect.Outcome).ShouldBe((Effects.ClosePullRequest, said));
    }

    [Fact]
    public async Task A_cancelled_job_leaves_a_pull_request_open_that_its_retry_has_made_its_own_meanwhile()
    {
        var job = JobStory.PrOpen().Then(Do.Intend("o1", Effects.PullRequest), Do.Cancel(), Do.Start(Stage.PrOpen, "z1")).Job;
        var forge = new Forge(_log) { Opened = true };
        forge.OnFindPullRequest = () => forge.Opened = !_log.Contains("act");

        await WorkOn(forge).RunAsync(Run(job), Token);

        _log.ShouldNotContain("close");
    }

    private static Job Ready()
    {
        var plan = new PlanResult("Greet", ["Write"], [], [], "Run it");
        var artifact = NewArtifact.Text(ArtifactKinds.Plan, System.Text.Json.JsonSerializer.Serialize(plan, JobJson.Default.PlanResult), "application/json").Ref;
        var job = JobStory.PrOpen().Job;
        return job with { Plan = new PlanOutcome("Greet", [artifact]) };
    }

    // Neither agents nor workspaces are touched by this stage.
    private static PullRequestWork WorkOn(Forge forge) =>
        new(new StageDesk(null!, null!, Rules, new ArtifactReader(Store.Artifacts), Store, new SpendingRules(new BudgetOptions(), new NoTenantBudgets()), TimeProvider.System), forge, new EngineOptions(), TimeProvider.System);

    private StageRun Run(Job job, Forge? forge = null) =>
        new(job, Stage.PrOpen, job.Entry.Running!, new StageProgress(_ => { }), new Commands(_log, () => forge is { Superseded: true }));

    private sealed class Commands(List<string> log, Func<bool> superseded) : IStageCommands
    {
        public Task SendAsync(JobCommand command, CancellationToken cancellationToken)
        {
            if (superseded())
            {
                throw new SupersededException("The job was cancelled");
            }

            log.Add(command switch
            {
                JobCommand.IntendEffect intend => $"intend {intend.Effect}",
                JobCommand.CompleteEffect done => $"done {done.Effect}",
                _ => command.GetType().Name,
            });
            return Task.CompletedTask;
        }

        public Task SettleAsync(JobCommand command, CancellationToken cancellationToken) => SendAsync(command, cancellationToken);

        public async Task<Job?> RecordAsync(JobCommand command, IReadOnlyList<ArtifactContent> contents, CancellationToken cancellationToken)
        {
            await SendAsync(command, cancellationToken);
            return null;
        }

        public Task ActAsync(TimeSpan timeout, Func<CancellationToken, Task> effect, CancellationToken cancellationToken)
        {
            log.Add("act");
            return effect(cancellationToken);
        }
    }

    private sealed class Forge(List<string> log) : IForge
    {
        public bool Pushed { get; init; }

        public bool Opened { get; set; }

        public PullRequestDraft? Draft { get; private set; }

        public bool Superseded { get; set; }

        public Action? OnFindPullRequest { get; set; }

        public Task<string?> FindBranchAsync(PullRequestDraft draft, CancellationToken cancellationToken)
        {
            log.Add("find branch");
            return Task.FromResult(Pushed ? draft.Change.CommitSha : null);
        }

        public Task PushAsync(PullRequestDraft draft, Func<CancellationToken, Task<byte[]>> bundle, CancellationToken cancellationToken)
        {
            log.Add("push");
            return Task.CompletedTask;
        }

        public Task<PullRequestRef?> FindPullRequestAsync(PullRequestDraft draft, CancellationToken cancellationToken)
        {
            log.Add("find pull request");
            OnFindPullRequest?.Invoke();
            return Task.FromResult(Opened ? Do.PullRequest() : null);
        }

        public Task<PullRequestRef> OpenPullRequestAsync(PullRequestDraft draft, CancellationToken cancellationToken)
        {
            log.Add("open");
            Draft = draft;
            return Task.FromResult(Do.PullRequest());
        }

        public Task ClosePullRequestAsync(PullRequestDraft draft, PullRequestRef pullRequest, CancellationToken cancellationToken)
        {
            log.Add("close");
            return Task.CompletedTask;
        }
    }

    private sealed class WishfulRepository(RepositoryWishes wishes) : IRepositoryRules
    {
        public Task<RepositoryWishes> ReadWishesAsync(Func<string, int, CancellationToken, Task<byte[]?>> readBaseFile, CancellationToken cancellationToken) =>
            Task.FromResult(wishes);

        public void RequireAgent(string agent)
        {
        }
    }
}
