using AiCd.Actors.Journal;
using AiCd.Actors.Runtime.Writing;
using AiCd.Actors.Tests.Runtime.Support;

namespace AiCd.Actors.Tests.Runtime.Writing;

public sealed class CommitUnknownTests
{
    [Fact]
    public async Task A_commit_that_happened_is_acknowledged_and_not_made_again()
    {
        await using var harness = await WriterHarness.StartAsync();
        harness.Journal.OnAppend = Once(harness, async inner => await inner());

        await harness.Submit().Done;

        harness.Journal.Appends.Count.ShouldBe(1);
        (await harness.HeadsAsync())[0].ShouldBe(1);
        harness.Committed.Count.ShouldBe(1);
        await harness.Submit().Done;
        harness.Lost.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_commit_that_did_not_happen_is_made_again()
    {
        await using var harness = await WriterHarness.StartAsync();
        harness.Journal.OnAppend = Once(harness, _ => Task.CompletedTask);

        await harness.Submit().Done;

        harness.Journal.Appends.Count.ShouldBe(2);
        harness.Journal.Appends[1].Fences[0].Epoch.ShouldBeGreaterThan(harness.Journal.Appends[0].Fences[0].Epoch);
        (await harness.HeadsAsync())[0].ShouldBe(1);
        harness.Lost.ShouldBeEmpty();
    }

    [Fact]
    public async Task Where_the_shard_was_lost_meanwhile_the_outcome_is_for_its_owner_to_say()
    {
        await using var harness = await WriterHarness.StartAsync();
        harness.Journal.OnAppend = Once(harness, _ => harness.UsurpAsync());

        await harness.Submit(shard: 1).Done.ShouldThrowAsync<ShardLostException>();

        harness.Lost.ShouldBe([1]);
        (await harness.HeadsAsync()).Sum().ShouldBe(0);
    }

    [Fact]
    public async Task A_batch_that_was_committed_is_acknowledged_although_one_of_its_shards_is_lost_by_now()
    {
        await using var harness = await WriterHarness.StartAsync();
        harness.Journal.OnAppend = Once(harness, async inner => await inner());
        harness.Journal.OnSettle = async inner => [.. (await inner()).Where(shard => shard.Shard != 1)];
        var gate = new Gate();
        var held = harness.Journal.OnAppend;
        harness.Journal.OnAppend = async (batch, inner, cancellationToken) =>
        {
            await gate.PassAsync(cancellationToken);
            harness.Journal.OnAppend = held;
            return await inner();
        };
        var first = harness.Submit(shard: 3);
        await gate.ArrivedAsync();
        var appends = new[] { harness.Submit(shard: 0), harness.Submit(shard: 1) };
        gate.Open();

        await Task.WhenAll([first.Done, .. appends.Select(append => append.Done)]);

        harness.Lost.ShouldBe([1]);
        (await harness.HeadsAsync()).ShouldBe([1, 1, 0, 1]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Nothing_is_guessed_while_the_question_itself_fails(bool transient)
    {
        await using var harness = await WriterHarness.StartAsync();
        harness.Journal.OnAppend = Once(harness, async inner => await inner());
        var failures = 3;
        harness.Journal.OnSettle = inner => failures-- > 0 ? throw new JournalException("away", transient) : inner();

        var (_, done) = harness.Submit();
        await harness.Time.WaitForTimersAsync(1, TestContext.Current.CancellationToken);
        done.IsCompleted.ShouldBeFalse();
        harness.Writer.Stalled.ShouldBeTrue();
        await harness.Time.AdvanceUntilAsync(done, TimeSpan.FromSeconds(5));

        await done;
        failures.ShouldBeLessThan(0);
        (await harness.HeadsAsync())[0].ShouldBe(1);
        harness.Writer.Stalled.ShouldBeFalse();
    }

    [Fact]
    public async Task Who_gives_up_while_the_outcome_is_unknown_says_so()
    {
        await using var harness = await WriterHarness.StartAsync();
        harness.Journal.OnAppend = Once(harness, async inner => await inner());
        harness.Journal.OnSettle = _ => throw new JournalException("away", isTransient: true);
        var (_, done) = harness.Submit();
        await harness.Time.WaitForTimersAsync(1, TestContext.Current.CancellationToken);

        var stopping = harness.Writer.StopAsync(TimeSpan.FromSeconds(1));
        harness.Time.Advance(TimeSpan.FromSeconds(30));

        await stopping;
        await done.ShouldThrowAsync<ShardLostException>();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Who_lost_all_the_shards_meanwhile_finds_in_the_journal_what_happened(bool happened)
    {
        await using var harness = await WriterHarness.StartAsync();
        harness.Journal.OnAppend = Once(harness, async inner =>
        {
            if (happened)
            {
                await inner();
            }

            await harness.UsurpAsync();
        });

        var (_, done) = harness.Submit(shard: 2);

        if (happened)
        {
            await done;
            harness.Committed.Count.ShouldBe(1);
        }
        else
        {
            await done.ShouldThrowAsync<ShardLostException>();
        }

        harness.Lost.ShouldBe([2]);
    }

    [Fact]
    public async Task Whose_shards_were_given_up_while_the_store_is_away_does_not_wait_for_it()
    {
        await using var harness = await WriterHarness.StartAsync();
        harness.Journal.OnAppend = Once(harness, _ => Task.CompletedTask);
        harness.Journal.OnSettle = _ => throw new JournalException("away", isTransient: true);
        var (_, done) = harness.Submit();
        await harness.Time.WaitForTimersAsync(1, TestContext.Current.CancellationToken);

        harness.Ledger.Drop([0]);
        harness.Time.Advance(TimeSpan.FromSeconds(1));

        await done.ShouldThrowAsync<ShardLostException>();
    }

    /// <summary>The next append does what is given and loses its answer; later ones are as ever.</summary>
    private static ScriptedJournal.Append Once(WriterHarness harness, Func<Func<Task<AppendResult>>, Task> act) => async (_, inner, _) =>
    {
        harness.Journal.OnAppend = null;
        await act(inner);
        throw new CommitUnknownException("the connection broke");
    };
}
