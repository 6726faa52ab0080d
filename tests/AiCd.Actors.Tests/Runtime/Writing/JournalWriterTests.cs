using AiCd.Actors.Journal;
using AiCd.Actors.Runtime.Writing;
using AiCd.Actors.Tests.Runtime.Support;

namespace AiCd.Actors.Tests.Runtime.Writing;

public sealed class JournalWriterTests
{
    private static readonly Claim Key = new("idempotency", "key", Permanent: true);

    [Fact]
    public async Task While_one_commit_is_in_flight_the_next_batch_gathers()
    {
        await using var harness = await WriterHarness.StartAsync();
        var gate = new Gate();
        harness.Journal.OnAppend = async (_, inner, cancellationToken) =>
        {
            await gate.PassAsync(cancellationToken);
            return await inner();
        };
        var first = harness.Submit();
        await gate.ArrivedAsync();
        var others = Enumerable.Range(0, 1_200).Select(i => harness.Submit(shard: i % 4)).ToList();

        gate.Open();
        await Task.WhenAll([first.Done, .. others.Select(other => other.Done)]);

        harness.Journal.Appends.Select(batch => batch.Entries.Count).ShouldBe([1, 500, 500, 200]);
        (await harness.HeadsAsync()).Sum().ShouldBe(1_201);
        harness.Committed.Sum(batch => batch.Appends.Count).ShouldBe(1_201);
    }

    [Fact]
    public async Task A_caller_is_answered_after_the_commit_and_after_the_projections_were_fed()
    {
        await using var harness = await WriterHarness.StartAsync();
        var gate = new Gate();
        harness.Journal.OnAppend = async (_, inner, cancellationToken) =>
        {
            var result = await inner();
            await gate.PassAsync(cancellationToken);
            return result;
        };

        var (append, done) = harness.Submit();
        await gate.ArrivedAsync();
        done.IsCompleted.ShouldBeFalse();
        harness.Committed.ShouldBeEmpty();

        gate.Open();
        await done;
        harness.Committed.ShouldHaveSingleItem().Appends.ShouldBe([append]);
    }

    [Fact]
    public async Task A_row_that_the_store_refuses_fails_its_caller_alone()
    {
        await using var harness = await WriterHarness.StartAsync();
        var holder = harness.Submit(claims: [Key]);
        await holder.Done;
        var appends = await InOneBatchAsync(harness, () => Enumerable.Range(0, 20).Select(i => harness.Submit(shard: i % 4, claims: i == 7 ? [Key] : null)));

        var refused = await appends[7].Done.ShouldThrowAsync<AppendRefusedException>();

        refused.Claim.ShouldNotBeNull().Holder.ShouldBe(holder.Append.After.Id);
        await Task.WhenAll(appends.Where((_, i) => i != 7).Select(append => append.Done));
        (await harness.HeadsAsync()).Sum().ShouldBe(19 + 2);
        harness.Lost.ShouldBeEmpty();
    }

    [Fact]
    public async Task Of_two_appends_in_one_batch_that_claim_the_same_one_wins()
    {
        await using var harness = await WriterHarness.StartAsync();
        var appends = await InOneBatchAsync(harness, () => [harness.Submit(0, [Key]), harness.Submit(1, [Key])]);

        await appends[0].Done;
        var refused = await appends[1].Done.ShouldThrowAsync<AppendRefusedException>();

        refused.Claim.ShouldNotBeNull().Holder.ShouldBe(appends[0].Append.After.Id);
    }

    [Fact]
    public async Task Lost_shards_fail_only_their_appends_and_the_others_are_tried_again()
    {
        await using var harness = await WriterHarness.StartAsync();
        harness.Journal.OnAppend = (batch, inner, _) => batch.Fences.Any(fence => fence.Shard is 1 or 3)
            ? Task.FromResult<AppendResult>(new AppendResult.ShardsLost([1, 3]))
            : inner();
        var appends = await InOneBatchAsync(harness, () => Enumerable.Range(0, 8).Select(i => harness.Submit(shard: i % 4)));

        foreach (var (append, done) in appends)
        {
            if (append.Shard is 1 or 3)
            {
                await done.ShouldThrowAsync<ShardLostException>();
            }
            else
            {
                await done;
            }
        }

        harness.Lost.ShouldBe([1, 3]);
        (await harness.HeadsAsync()).ShouldBe([3, 0, 2, 0]);
        await harness.Submit(shard: 1).Done.ShouldThrowAsync<ShardLostException>();
        await harness.Submit(shard: 0).Done;
    }

    [Fact]
    public async Task Who_was_usurped_writes_nothing_any_more()
    {
        await using var harness = await WriterHarness.StartAsync();
        await harness.UsurpAsync();

        await harness.Submit(shard: 2).Done.ShouldThrowAsync<ShardLostException>();

        (await harness.HeadsAsync()).Sum().ShouldBe(0);
        harness.Lost.ShouldBe([2]);
    }

    [Fact]
    public async Task An_append_to_a_shard_that_the_store_does_not_have_fails_alone()
    {
        await using var harness = await WriterHarness.StartAsync();

        await harness.Submit(shard: 900).Done.ShouldThrowAsync<ShardLostException>();

        await harness.Submit().Done;
    }

    [Fact]
    public async Task An_exception_that_nobody_expected_fails_its_callers_and_the_loop_goes_on()
    {
        await using var harness = await WriterHarness.StartAsync();
        harness.Journal.OnAppend = (_, _, _) => throw new InvalidOperationException("a bug");
        await harness.Submit().Done.ShouldThrowAsync<InvalidOperationException>();

        harness.Journal.OnAppend = null;

        await harness.Submit().Done;
        harness.Lost.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_exception_that_nobody_expected_after_the_commit_neither_hides_it_nor_costs_the_shard()
    {
        await using var harness = await WriterHarness.StartAsync();
        harness.Journal.OnAppend = async (_, inner, _) =>
        {
            await inner();
            throw new InvalidOperationException("a bug");
        };
        await harness.Submit().Done;

        harness.Journal.OnAppend = null;

        await harness.Submit().Done;
        harness.Lost.ShouldBeEmpty();
        (await harness.HeadsAsync())[0].ShouldBe(2);
    }

    /// <summary>Lets an append of its own hold up the writer until the others are handed in.</summary>
    private static async Task<List<(PendingAppend Append, Task Done)>> InOneBatchAsync(
        WriterHarness harness, Func<IEnumerable<(PendingAppend Append, Task Done)>> hand)
    {
        var script = harness.Journal.OnAppend;
        var gate = new Gate();
        harness.Journal.OnAppend = async (_, inner, cancellationToken) =>
        {
            await gate.PassAsync(cancellationToken);
            return await inner();
        };
        var first = harness.Submit();
        await gate.ArrivedAsync();
        var appends = hand().ToList();
        harness.Journal.OnAppend = script;
        gate.Open();
        await first.Done;
        return appends;
    }
}
