using AiCd.Actors.Jobs;
using AiCd.Actors.Journal;
using AiCd.Actors.Runtime;

namespace AiCd.Actors.Tests.Engines;

public abstract partial class EngineConformance
{
    [Fact]
    public async Task Commands_that_come_at_once_are_all_applied_each_once_by_one_writer()
    {
        var node = await StartAsync();
        Work.Hold(Stage.Planning);
        var job = await SubmitAsync(node);
        var texts = Enumerable.Range(0, 200).Select(number => $"Number {number}").ToList();

        var results = await UntilAsync(Task.WhenAll(texts.Select(text => Task.Run(() => node.Gateway.SendAsync(job, Say(text), cancellationToken: Token)))));

        results.ShouldAllBe(result => result is CommandResult.Applied);
        results.OfType<CommandResult.Applied>().Select(applied => applied.Job.Seq).ShouldBeUnique();
        (await HistoryAsync(job)).OfType<JobEvent.FeedbackAdded>().Select(e => e.Text).ShouldBe(texts, ignoreOrder: true);
    }

    [Fact]
    public async Task What_was_said_to_be_applied_is_there_after_a_kill()
    {
        var first = await StartAsync();
        Work.Hold(Stage.Planning);
        var job = await SubmitAsync(first);
        await ArrivedAsync(Stage.Planning);
        var applied = 0;
        using var killed = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var talking = Task.Run(async () =>
        {
            while (!killed.IsCancellationRequested)
            {
                if (await first.Gateway.SendAsync(job, Say($"Number {applied}"), cancellationToken: killed.Token) is CommandResult.Applied)
                {
                    applied++;
                }
            }
        }, Token);
        await UntilAsync(first, job, found => found.Feedback.Count > 20);

        await KillAsync(first);
        await killed.CancelAsync();
        await talking.ContinueWith(_ => { }, TaskScheduler.Default);
        var second = await StartAsync();

        var said = (await UntilAsync(second, job, found => true)).Feedback.Select(feedback => feedback.Text).ToList();
        said.Take(applied).ShouldBe(Enumerable.Range(0, applied).Select(number => $"Number {number}"));
        said.Count.ShouldBeInRange(applied, applied + 1);
    }

    [Fact]
    public async Task An_act_changes_one_job_once_whichever_job_it_is_told_to_and_even_after_a_kill()
    {
        var first = await StartAsync();
        Work.Hold(Stage.Planning);
        var (job, other) = (await SubmitAsync(first), await SubmitAsync(first));
        var told = Say("Smaller, please") with { Act = "comment 7" };

        (await SendAsync(first, job, told)).ShouldBeOfType<CommandResult.Applied>();
        await KillAsync(first);
        var second = await StartAsync();

        (await SendAsync(second, job, told)).ShouldBeOfType<CommandResult.Refused>().Refusal.Code.ShouldBe(RefusalCodes.AlreadyDone);
        (await SendAsync(second, other, told)).ShouldBeOfType<CommandResult.Refused>().Refusal.Code.ShouldBe(RefusalCodes.AlreadyDone);
        (await SendAsync(second, other, told with { Act = "comment 8" })).ShouldBeOfType<CommandResult.Applied>().Job.Feedback.Count.ShouldBe(1);
        (await HistoryAsync(job)).OfType<JobEvent.FeedbackAdded>().ShouldHaveSingleItem().Act.ShouldBe("comment 7");
        (await Store.Journal.FindClaimAsync("default", ClaimKinds.Act, "comment 7", Token)).ShouldBe(job);
    }

    [Fact]
    public async Task Looking_and_waking_again_and_again_starts_nothing_twice()
    {
        var node = await StartAsync();
        Work.Hold(Stage.Planning);
        var job = await SubmitAsync(node);
        var call = await ArrivedAsync(Stage.Planning);

        await UntilAsync(Task.WhenAll(Enumerable.Range(0, 100).Select(_ => Task.Run(() => node.Gateway.WakeAsync(job, Token)))));
        call.Succeed();

        await UntilAsync(node, job, JobState.Completed);
        Work.Calls.Count.ShouldBe(4);
    }

    [Fact]
    public async Task The_result_of_an_old_attempt_is_refused_and_changes_nothing()
    {
        var first = await StartAsync();
        Work.Hold(Stage.Coding);
        var job = await SubmitAsync(first);
        var old = await ArrivedAsync(Stage.Coding);
        await KillAsync(first);
        var second = await StartAsync();
        var current = await ArrivedAsync(Stage.Coding);

        (await SendRefusedAsync(second, job, Outcomes.Success(old.Run).Command)).ShouldBe(RefusalCodes.StaleAttempt);
        (await SendRefusedAsync(second, job, new JobCommand.FailAttempt(old.AttemptId, "late", "Late", null, 3) { At = Time.GetUtcNow() })).ShouldBe(RefusalCodes.StaleAttempt);

        (await UntilAsync(second, job, JobState.Coding)).Entry.Running.ShouldNotBeNull().Id.ShouldBe(current.AttemptId);
        current.Succeed();
        await UntilAsync(second, job, JobState.Completed);
    }

    [Fact]
    public async Task A_command_to_a_job_that_does_not_exist_says_so()
    {
        var node = await StartAsync();
        var nobody = JobId.Create(Time.GetUtcNow(), shard: 5, random: 12345);

        (await SendRefusedAsync(node, nobody, Say("Hello?"))).ShouldBe(RefusalCodes.NotFound);
        (await UntilAsync(node.Gateway.FindAsync(nobody, Token))).ShouldBeNull();
        (await UntilAsync(node.Gateway.FindAsync(JobId.Create(Time.GetUtcNow(), JobId.MaxShards - 1, 1), Token))).ShouldBeNull();
    }

    [Fact]
    public async Task The_same_idempotency_key_gives_the_same_job_however_often_and_however_late()
    {
        var node = await StartAsync();
        NewJob Draft() => NewJob(draft => draft with { IdempotencyKey = "delivery-1" });

        var atOnce = await UntilAsync(Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => node.Gateway.SubmitAsync(Draft(), Token)))));
        var job = atOnce.Select(result => result.Job).Distinct().ShouldHaveSingleItem();
        atOnce.Count(result => result.Created).ShouldBe(1);
        atOnce.Where(result => !result.Created).ShouldAllBe(result => result.HeldBy == ClaimKinds.Idempotency);
        await UntilAsync(node, job, JobState.Completed);

        var late = await UntilAsync(node.Gateway.SubmitAsync(Draft(), Token));
        (late.Job, late.Created).ShouldBe((job, false));
        (await UntilAsync(node.Gateway.SubmitAsync(Draft() with { Tenant = "other" }, Token))).Created.ShouldBeTrue();
    }

    [Fact]
    public async Task What_is_exclusive_has_one_unfinished_job_and_is_free_again_after_its_end()
    {
        var node = await StartAsync();
        Work.Hold(Stage.Planning);
        NewJob Draft() => NewJob(draft => draft with { Exclusive = "issue 12" });

        var results = await UntilAsync(Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Task.Run(() => node.Gateway.SubmitAsync(Draft(), Token)))));
        var first = results.Select(result => result.Job).Distinct().ShouldHaveSingleItem();
        results.Where(result => !result.Created).Select(result => result.HeldBy).ShouldBe(Enumerable.Repeat(ClaimKinds.Exclusive, 9));
        await SendAsync(node, first, Cancel());

        (await SubmitAsync(node, _ => Draft())).ShouldNotBe(first);
    }

    [Fact]
    public async Task Where_so_configured_a_branch_of_a_repository_has_one_unfinished_job()
    {
        var node = await StartAsync(options => options.OneJobPerBranch = ["file:///repo"]);
        Work.Hold(Stage.Planning);
        var first = await SubmitAsync(node);

        var second = await UntilAsync(node.Gateway.SubmitAsync(NewJob(), Token));
        (second.Job, second.Created, second.HeldBy).ShouldBe((first, false, ClaimKinds.Branch));
        await SubmitAsync(node, draft => draft with { BaseBranch = "next" });
        await SubmitAsync(node, draft => draft with { Repository = "file:///other" });
        await SubmitAsync(node, draft => draft with { Tenant = "other" });
        await SendAsync(node, first, Cancel());

        await SubmitAsync(node);
    }

    [Fact]
    public async Task A_text_that_no_store_holds_is_refused_by_its_name()
    {
        var node = await StartAsync();

        var refused = await Should.ThrowAsync<ArgumentException>(() => UntilAsync(node.Gateway.SubmitAsync(NewJob(draft => draft with { Title = "Say \0" }), Token)));

        refused.ParamName.ShouldBe("Title");
    }
}
