using AiCd.Actors.Budgets;
using AiCd.Actors.Jobs;
using AiCd.Actors.Journal;
using AiCd.Actors.Journal.InMemory;
using AiCd.Actors.Ports;
using AiCd.Actors.Runtime;
using AiCd.Actors.Runtime.Pools;
using AiCd.Actors.Tests.Jobs;

namespace AiCd.Actors.Tests.Budgets;

public sealed class BudgetKeeperTests : IAsyncDisposable
{
    private readonly InMemoryStore _store = new();
    private readonly Gateway _gateway = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Fact]
    public async Task A_job_that_cannot_be_read_keeps_no_other_waiting()
    {
        var (unreadable, other) = (await HoldAsync(1), await HoldAsync(2));
        _gateway.Unreadable = unreadable;

        (await KeeperOf(perJob: 1).ReleaseAsync(_gateway, null, Token)).ShouldBe(1);

        _gateway.Sent.ShouldBe([other]);
        (await _store.Ledger.ReadHoldsAsync(Token)).Select(hold => hold.Job).ShouldContain(unreadable);
    }

    [Theory]
    [InlineData(RefusalCodes.Quarantined, true)]
    [InlineData(RefusalCodes.Unreadable, true)]
    [InlineData(RefusalCodes.NotFound, false)]
    public async Task A_hold_stays_unless_its_job_is_gone(string refusal, bool stays)
    {
        await HoldAsync(1);
        _gateway.Refusal = new Refusal(refusal, "No", null);

        (await KeeperOf(perJob: 1).ReleaseAsync(_gateway, null, Token)).ShouldBe(0);

        (await _store.Ledger.ReadHoldsAsync(Token)).Count.ShouldBe(stays ? 1 : 0);
    }

    [Fact]
    public async Task A_job_with_a_budget_of_its_own_waits_for_that_one()
    {
        var job = await HoldAsync(1);
        _gateway.Own = 50;
        (await KeeperOf(perJob: 1).ReleaseAsync(_gateway, null, Token)).ShouldBe(0);

        var found = (await _gateway.FindAsync(job, Token))!;
        var raised = await KeeperOf(perJob: 1).RaiseAsync(found, BudgetScope.Job, 200, _gateway, "ann", Token);

        (raised.Released, raised.Account.Limit, raised.Budget.Key).ShouldBe((1, 200, job.Value));
        _gateway.Sent.ShouldBe([job]);
    }

    private BudgetKeeper KeeperOf(decimal? perJob) => new(_store.Ledger, new SpendingRules(new BudgetOptions { PerJob = perJob }, new NoTenantBudgets()), TimeProvider.System);

    private async Task<JobId> HoldAsync(int shard)
    {
        var job = JobId.Create(Do.T0, shard, 1);
        var submission = JobStory.In(JobState.Coding).Job.Submission;
        await _store.Ledger.HoldAsync(new BudgetHold(job, submission.Tenant, submission.Repository, 100), Token);
        return job;
    }

    /// <summary>Every job is there and codes.</summary>
    private sealed class Gateway : IJobGateway
    {
        public JobId? Unreadable { get; set; }

        public Refusal? Refusal { get; set; }

        public long? Own { get; set; }

        public List<JobId> Sent { get; } = [];

        public Task<Job?> FindAsync(JobId job, CancellationToken cancellationToken)
        {
            var found = JobStory.In(JobState.Coding).Job;
            return job == Unreadable
                ? throw new JobQuarantinedException(job, "It is torn")
                : Task.FromResult<Job?>(found with { Id = job, Submission = found.Submission with { BudgetMicros = Own } });
        }

        public async Task<CommandResult> SendAsync(
            JobId job, JobCommand command, IReadOnlyList<ArtifactContent>? contents = null, CancellationToken cancellationToken = default)
        {
            if (Refusal is { } refusal)
            {
                return new CommandResult.Refused(refusal);
            }

            Sent.Add(job);
            return new CommandResult.Applied((await FindAsync(job, cancellationToken))!);
        }

        public Task<SubmitResult> SubmitAsync(NewJob job, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<Job?> WakeAsync(JobId job, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<WaitingReason?> ExplainAsync(JobId job, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
