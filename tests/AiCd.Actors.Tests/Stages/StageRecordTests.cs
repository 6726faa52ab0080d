using AiCd.Actors.Budgets;
using AiCd.Actors.Jobs;
using AiCd.Actors.Jobs.Payloads;
using AiCd.Actors.Journal;
using AiCd.Actors.Journal.InMemory;
using AiCd.Actors.Ports;
using AiCd.Actors.Stages;
using AiCd.Actors.Tests.Jobs;
using AiCd.Actors.Tests.Runtime.Support;
using AiCd.Testing;

namespace AiCd.Actors.Tests.Stages;

public sealed class StageRecordTests : IAsyncDisposable
{
    private readonly Job _job = JobStory.In(JobState.Coding).Job;
    private readonly InMemoryStore _store = new();
    private readonly Commands _commands = new();

    private static readonly ManualTimeProvider Noon = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private BudgetKey Budget => new(_job.Submission.Tenant, BudgetScope.Job, _job.Id.Value);

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Fact]
    public async Task A_reservation_is_set_aside_until_it_is_settled_and_the_settlement_is_journaled()
    {
        var record = RecordOf();

        var call = await record.ReserveAsync("claude-x", 400, Token);
        (call.Model, call.Micros).ShouldBe(("claude-x", 400));
        (await AccountAsync()).ShouldBe(new BudgetAccount(0, 400, null));
        await record.SettleAsync(call, new Usage(10, 5, 0, 0, 300));

        (await AccountAsync()).ShouldBe(new BudgetAccount(300, 0, null));
        _commands.Sent.ShouldHaveSingleItem().ShouldBeOfType<JobCommand.SettleUsage>().ShouldSatisfyAllConditions(
            settled => (settled.CallId, settled.Stage, settled.Model).ShouldBe((call.Id, Stage.Coding, "claude-x")), settled => settled.Usage.CostMicros.ShouldBe(300));
        (await _store.Ledger.FindUnjournaledAsync(_job.Id, Token)).ShouldBeEmpty();
        record.HasTurns.ShouldBeFalse();
    }

    [Fact]
    public async Task What_no_budget_covers_is_refused_with_the_reason_and_noted_so_that_whoever_raises_it_finds_the_job()
    {
        var record = RecordOf(perJob: 0.001m);
        var first = await record.ReserveAsync("claude-x", 700, Token);
        await record.SettleAsync(first, new Usage(0, 0, 0, 0, 700));

        var spent = await Should.ThrowAsync<BudgetExhaustedException>(record.ReserveAsync("claude-x", 400, Token));

        spent.Message.ShouldBe("The job's budget of $0.001 does not cover the next request of up to $0.0004: $0.0007 spent");
        (await AccountAsync()).ShouldBe(new BudgetAccount(700, 0, null));
        (await _store.Ledger.ReadHoldsAsync(Token)).ShouldBe([new BudgetHold(_job.Id, _job.Submission.Tenant, _job.Submission.Repository, 400)]);
    }

    [Theory]
    [InlineData(0.0005, 0.002, 500)]
    [InlineData(0.003, 0.001, 1_000)]
    [InlineData(0.0005, null, 500)]
    [InlineData(null, 0.0008, 800)]
    public async Task A_job_may_spend_what_it_was_given_and_never_more_than_any_job_may(double? own, double? perJob, int limit)
    {
        var job = _job with { Submission = _job.Submission with { BudgetMicros = own is { } dollars ? BudgetOptions.Micros((decimal)dollars) : null } };
        var record = RecordOf(perJob: (decimal?)perJob, job: job);

        await record.SettleAsync(await record.ReserveAsync("claude-x", limit, Token), new Usage(0, 0, 0, 0, limit));

        var spent = await Should.ThrowAsync<BudgetExhaustedException>(record.ReserveAsync("claude-x", 1, Token));
        spent.Message.ShouldStartWith($"The job's budget of {AiCd.Actors.Budgets.Money.Text(limit)} does not cover");
    }

    [Theory]
    [InlineData(500L, 0.002, 500)]
    [InlineData(3_000L, 0.001, 1_000)]
    [InlineData(500L, null, 500)]
    [InlineData(null, 0.0008, 800)]
    public async Task A_tenants_jobs_may_spend_in_a_month_the_smaller_of_what_the_tenant_and_what_every_tenant_may(long? own, double? perMonth, int limit)
    {
        var record = RecordOf(perMonth: (decimal?)perMonth, tenants: new Tenants(own));
        await record.SettleAsync(await record.ReserveAsync("claude-x", limit, Token), new Usage(0, 0, 0, 0, limit));

        var spent = await Should.ThrowAsync<BudgetExhaustedException>(record.ReserveAsync("claude-x", 1, Token));

        spent.Message.ShouldStartWith($"The budget of tenant {_job.Submission.Tenant} for ");
        spent.Message.ShouldContain($"of {AiCd.Actors.Budgets.Money.Text(limit)} does not cover");
    }

    [Fact]
    public async Task A_limit_that_an_operator_set_for_the_month_counts_instead_of_the_tenants()
    {
        var month = new BudgetKey(_job.Submission.Tenant, BudgetScope.TenantMonth, AiCd.Actors.Budgets.Money.MonthOf(Noon.GetUtcNow()));
        await _store.Ledger.SetLimitAsync(month, 700, Token);
        var record = RecordOf(time: Noon, tenants: new Tenants(100));

        await record.ReserveAsync("claude-x", 700, Token);

        (await Should.ThrowAsync<BudgetExhaustedException>(RecordOf(time: Noon, patience: TimeSpan.Zero, tenants: new Tenants(5_000)).ReserveAsync("claude-x", 1, Token)))
            .Message.ShouldContain("of $0.0007 does not cover");
    }

    [Fact]
    public async Task Nothing_is_set_aside_while_nobody_knows_what_the_tenant_may_spend()
    {
        var record = RecordOf(tenants: new Tenants(null) { Failure = new JournalException("The store is away", isTransient: true) });

        (await Should.ThrowAsync<JournalException>(record.ReserveAsync("claude-x", 400, Token))).IsTransient.ShouldBeTrue();

        (await AccountAsync()).ShouldBe(BudgetAccount.Empty);
    }

    [Fact]
    public async Task What_calls_under_way_may_leave_is_waited_for()
    {
        var time = new ManualTimeProvider();
        var record = RecordOf(perJob: 0.001m, time: time);
        var first = await record.ReserveAsync("claude-x", 700, Token);

        var second = record.ReserveAsync("claude-x", 400, Token);
        await time.WaitForTimersAsync(1, Token);
        second.IsCompleted.ShouldBeFalse();
        await record.SettleAsync(first, new Usage(0, 0, 0, 0, 100));
        time.Advance(TimeSpan.FromSeconds(1));

        (await second.WaitAsync(Patience.Limit, Token)).Micros.ShouldBe(400);
        (await AccountAsync()).ShouldBe(new BudgetAccount(100, 400, null));
        (await _store.Ledger.ReadHoldsAsync(Token)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Patience_with_calls_under_way_has_an_end()
    {
        var record = RecordOf(perJob: 0.001m, patience: TimeSpan.Zero);
        await record.ReserveAsync("claude-x", 700, Token);

        (await Should.ThrowAsync<BudgetExhaustedException>(record.ReserveAsync("claude-x", 400, Token))).Message
            .ShouldEndWith("$0.00 spent, $0.0007 set aside for calls under way");
    }

    [Fact]
    public async Task A_turn_is_recorded_in_one_stroke_with_what_it_cost()
    {
        var record = RecordOf();
        _commands.Answer = _job;
        var call = await record.ReserveAsync("claude-x", 400, Token);
        var json = $"{{\"kind\":\"response\",\"text\":\"{new string('t', NewArtifact.MaxInlineBytes)}\"}}";

        await record.RecordAsync(new RecordedTurn("response", json, "code@1"), new SpentCall(call, new Usage(1, 2, 0, 0, 250)), Token);

        var sent = _commands.Sent.ShouldHaveSingleItem().ShouldBeOfType<JobCommand.RecordTurn>();
        (sent.AttemptId, sent.Kind, sent.Prompt).ShouldBe((_job.Entry.Running!.Id, "response", "code@1"));
        sent.Usage.ShouldNotBeNull().ShouldSatisfyAllConditions(usage => usage.CallId.ShouldBe(call.Id), usage => usage.Usage.CostMicros.ShouldBe(250));
        _commands.Contents.ShouldHaveSingleItem().Sha256.ShouldBe(sent.Turn.Sha256);
        (await AccountAsync()).ShouldBe(new BudgetAccount(250, 0, null));
        (await _store.Ledger.FindUnjournaledAsync(_job.Id, Token)).ShouldBeEmpty();
        record.HasTurns.ShouldBeTrue();
    }

    [Fact]
    public async Task The_price_of_a_turn_that_is_only_on_its_way_is_told_by_itself_too()
    {
        var record = RecordOf();
        var call = await record.ReserveAsync("claude-x", 400, Token);

        await record.RecordAsync(new RecordedTurn("response", "{}"), new SpentCall(call, new Usage(0, 0, 0, 0, 250)), Token);

        _commands.Sent.Count.ShouldBe(2);
        _commands.Sent[0].ShouldBeOfType<JobCommand.RecordTurn>().Usage!.CallId.ShouldBe(call.Id);
        _commands.Sent[1].ShouldBeOfType<JobCommand.SettleUsage>().CallId.ShouldBe(call.Id);
        (await _store.Ledger.FindUnjournaledAsync(_job.Id, Token)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_turn_that_the_job_refuses_is_nobodys_and_its_price_is_the_jobs_all_the_same()
    {
        var record = RecordOf();
        var call = await record.ReserveAsync("claude-x", 400, Token);
        _commands.RefusesTurns = true;

        await Should.ThrowAsync<SupersededException>(record.RecordAsync(new RecordedTurn("response", "{}"), new SpentCall(call, new Usage(0, 0, 0, 0, 250)), Token));

        _commands.Sent.ShouldHaveSingleItem().ShouldBeOfType<JobCommand.SettleUsage>().Usage.CostMicros.ShouldBe(250);
        (await AccountAsync()).ShouldBe(new BudgetAccount(250, 0, null));
        record.HasTurns.ShouldBeFalse();
    }

    [Fact]
    public async Task What_people_said_since_the_attempt_began_is_heard_once()
    {
        var record = RecordOf();
        _commands.Answer = JobEvolver.Evolve(_job.Id, _job, new JobEvent.FeedbackAdded("Mind zero", "ann") { At = Do.T0 });

        (await record.RecordAsync(new RecordedTurn("start", "{}"), null, Token)).ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            news => news.Text.ShouldBe("Mind zero"), news => news.By.ShouldBe("ann"));
        (await record.RecordAsync(new RecordedTurn("results", "{}"), null, Token)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Spend_that_a_crash_kept_out_of_the_history_is_made_good_and_a_call_that_it_cut_off_counts_as_all_that_was_set_aside()
    {
        var before = RecordOf();
        var open = await before.ReserveAsync("claude-x", 400, Token);
        var settled = await before.ReserveAsync("claude-y", 300, Token);
        await _store.Ledger.SettleAsync(settled.Id, new Usage(3, 2, 1, 0, 100), Token);

        await RecordOf().ReconcileAsync(Token);

        _commands.Sent.Cast<JobCommand.SettleUsage>().Select(usage => (usage.CallId, usage.Model, usage.Usage)).ShouldBe(
            [(open.Id, "claude-x", Usage.None with { CostMicros = 400 }), (settled.Id, "claude-y", new Usage(3, 2, 1, 0, 100))]);
        (await AccountAsync()).ShouldBe(new BudgetAccount(500, 0, null));
        await RecordOf().ReconcileAsync(Token);
        _commands.Sent.Count.ShouldBe(2, "once is enough");
    }

    private Task<BudgetAccount> AccountAsync() => _store.Ledger.ReadAccountAsync(Budget, Token);

    private StageRecord RecordOf(decimal? perJob = null, TimeSpan? patience = null, TimeProvider? time = null, Job? job = null, decimal? perMonth = null, ITenantBudgets? tenants = null) => new(
        new StageRun(job ?? _job, Stage.Coding, _job.Entry.Running!, new StageProgress(_ => { }), _commands),
        [],
        _store.Ledger,
        new SpendingRules(
            new BudgetOptions { PerJob = perJob, PerTenantAndMonth = perMonth, Patience = patience ?? TimeSpan.FromSeconds(30) }, tenants ?? new NoTenantBudgets()),
        time ?? TimeProvider.System);

    private sealed class Tenants(long? monthly) : ITenantBudgets
    {
        public Exception? Failure { get; init; }

        public Task<long?> FindMonthlyAsync(string tenant, CancellationToken cancellationToken) =>
            Failure is null ? Task.FromResult(monthly) : Task.FromException<long?>(Failure);
    }

    private sealed class Commands : IStageCommands
    {
        public List<JobCommand> Sent { get; } = [];

        public List<ArtifactContent> Contents { get; } = [];

        public bool RefusesTurns { get; set; }

        public Job? Answer { get; set; }

        public Task SendAsync(JobCommand command, CancellationToken cancellationToken) => RecordAsync(command, [], cancellationToken);

        public Task<Job?> RecordAsync(JobCommand command, IReadOnlyList<ArtifactContent> contents, CancellationToken cancellationToken)
        {
            if (RefusesTurns && command is JobCommand.RecordTurn)
            {
                throw new SupersededException("Another attempt counts");
            }

            Sent.Add(command);
            Contents.AddRange(contents);
            return Task.FromResult(Answer);
        }

        public Task SettleAsync(JobCommand command, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task ActAsync(TimeSpan timeout, Func<CancellationToken, Task> effect, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
