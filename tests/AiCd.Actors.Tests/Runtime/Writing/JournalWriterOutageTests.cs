using AiCd.Actors.Journal;
using AiCd.Actors.Runtime.Writing;
using AiCd.Actors.Tests.Runtime.Support;

namespace AiCd.Actors.Tests.Runtime.Writing;

public sealed class JournalWriterOutageTests
{
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task While_the_store_is_away_the_writer_is_stalled_and_tries_until_it_is_back()
    {
        await using var harness = await WriterHarness.StartAsync();
        var gone = 4;
        harness.Journal.OnAppend = (_, inner, _) => gone-- > 0 ? throw new JournalException("away", isTransient: true) : inner();

        var (_, done) = harness.Submit();
        await harness.Time.WaitForTimersAsync(1, TestContext.Current.CancellationToken);
        harness.Writer.Stalled.ShouldBeTrue();
        done.IsCompleted.ShouldBeFalse();
        await harness.Time.AdvanceUntilAsync(done, Step);

        await done;
        harness.Writer.Stalled.ShouldBeFalse();
        harness.Journal.Appends.Count.ShouldBe(5);
        (await harness.HeadsAsync())[0].ShouldBe(1);
    }

    [Fact]
    public async Task A_store_that_is_back_with_a_refusal_ends_the_stall_too()
    {
        await using var harness = await WriterHarness.StartAsync();
        await harness.Submit(claims: [new Claim("idempotency", "key", true)]).Done;
        var gone = 1;
        harness.Journal.OnAppend = (_, inner, _) => gone-- > 0 ? throw new JournalException("away", isTransient: true) : inner();

        var (_, done) = harness.Submit(claims: [new Claim("idempotency", "key", true)]);
        await harness.Time.WaitForTimersAsync(1, TestContext.Current.CancellationToken);
        harness.Time.Advance(Step);

        await done.ShouldThrowAsync<AppendRefusedException>();
        harness.Writer.Stalled.ShouldBeFalse();
    }

    [Fact]
    public async Task Appends_that_come_during_the_outage_are_written_together_afterwards()
    {
        await using var harness = await WriterHarness.StartAsync();
        var gone = 1;
        harness.Journal.OnAppend = (_, inner, _) => gone-- > 0 ? throw new JournalException("away", isTransient: true) : inner();
        var first = harness.Submit();
        await harness.Time.WaitForTimersAsync(1, TestContext.Current.CancellationToken);
        var others = Enumerable.Range(0, 50).Select(_ => harness.Submit()).ToList();

        harness.Time.Advance(Step);
        await Task.WhenAll([first.Done, .. others.Select(other => other.Done)]);

        harness.Journal.Appends.Select(batch => batch.Entries.Count).ShouldBe([1, 1, 50]);
    }

    [Fact]
    public async Task A_store_that_refuses_for_good_fails_each_append_with_its_reason()
    {
        await using var harness = await WriterHarness.StartAsync();
        harness.Journal.OnAppend = (_, _, _) => throw new JournalException("read only", isTransient: false);

        var appends = Enumerable.Range(0, 3).Select(_ => harness.Submit()).ToList();

        foreach (var (_, done) in appends)
        {
            (await done.ShouldThrowAsync<JournalException>()).Message.ShouldBe("read only");
        }
    }

    [Fact]
    public async Task Stopping_writes_what_was_handed_in()
    {
        await using var harness = await WriterHarness.StartAsync();
        var gate = new Gate();
        harness.Journal.OnAppend = async (_, inner, cancellationToken) =>
        {
            await gate.PassAsync(cancellationToken);
            return await inner();
        };
        var appends = Enumerable.Range(0, 1_000).Select(_ => harness.Submit()).ToList();
        await gate.ArrivedAsync();

        var stopping = harness.Writer.StopAsync(TimeSpan.FromSeconds(10));
        await harness.Submit().Done.ShouldThrowAsync<ShardLostException>();
        gate.Open();
        await stopping;

        appends.ShouldAllBe(append => append.Append.Completion.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task What_the_store_does_not_take_within_the_grace_fails_unacknowledged()
    {
        await using var harness = await WriterHarness.StartAsync();
        harness.Journal.OnAppend = (_, _, _) => throw new JournalException("away", isTransient: true);
        var (_, done) = harness.Submit();
        await harness.Time.WaitForTimersAsync(1, TestContext.Current.CancellationToken);

        var stopping = harness.Writer.StopAsync(TimeSpan.FromSeconds(10));
        harness.Time.Advance(TimeSpan.FromSeconds(30));

        await stopping;
        await done.ShouldThrowAsync<ShardLostException>();
    }

    [Fact]
    public async Task A_commit_that_is_given_up_in_flight_fails_as_unacknowledged_and_not_as_cancelled()
    {
        await using var harness = await WriterHarness.StartAsync();
        var gate = new Gate();
        harness.Journal.OnAppend = async (_, inner, cancellationToken) =>
        {
            await gate.PassAsync(cancellationToken);
            return await inner();
        };
        var (_, done) = harness.Submit();
        await gate.ArrivedAsync();

        var stopping = harness.Writer.StopAsync(TimeSpan.FromSeconds(10));
        harness.Time.Advance(TimeSpan.FromSeconds(10));

        await stopping;
        await done.ShouldThrowAsync<ShardLostException>();
    }
}
