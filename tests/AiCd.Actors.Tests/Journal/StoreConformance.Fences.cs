using AiCd.Actors.Journal;
using static AiCd.Actors.Tests.Journal.ShardWriter;

namespace AiCd.Actors.Tests.Journal;

public abstract partial class StoreConformance
{
    [Fact]
    public async Task A_wrong_epoch_head_or_owner_loses_the_shard_and_writes_nothing()
    {
        var writer = await JoinAsync(Store, 1, 2, 3);
        var (one, two, three) = (NewJob(1), NewJob(2), NewJob(3));
        await writer.CommitAsync(Entry(one), Entry(two), Entry(three));
        var batch = writer.Batch(Entry(one, 2), Entry(two, 2), Entry(three, 2));

        var wrongEpoch = await Journal.AppendAsync(
            batch with { Fences = [batch.Fences[0] with { Epoch = batch.Fences[0].Epoch - 1 }, batch.Fences[1], batch.Fences[2]] }, Token);
        var wrongOwner = await Journal.AppendAsync(batch with { Incarnation = "somebody" }, Token);
        writer[2] = writer[2] with { Head = 5 };
        var wrongHead = await Journal.AppendAsync(writer.Batch(Entry(one, 2), Entry(two, 2), Entry(three, 2)), Token);
        writer[2] = writer[2] with { Head = 1 };

        wrongEpoch.ShouldBeOfType<AppendResult.ShardsLost>().Shards.ShouldBe([1]);
        wrongOwner.ShouldBeOfType<AppendResult.ShardsLost>().Shards.ShouldBe([1, 2, 3]);
        wrongHead.ShouldBeOfType<AppendResult.ShardsLost>().Shards.ShouldBe([2]);
        (await ReadAsync(one, two, three)).Count.ShouldBe(3);
        await writer.CommitAsync(Entry(one, 2), Entry(two, 2), Entry(three, 2));
    }

    [Fact]
    public async Task A_batch_that_was_committed_cannot_be_committed_again()
    {
        var writer = await JoinAsync(Store, 1);
        var job = NewJob(1);
        var batch = writer.Batch(Entry(job));
        await Journal.AppendAsync(batch, Token);

        (await Journal.AppendAsync(batch, Token)).ShouldBeOfType<AppendResult.ShardsLost>();

        (await ReadAsync(job)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_shard_that_does_not_exist_is_lost()
    {
        var writer = await JoinAsync(Store, 1);
        writer[Store.ShardCount] = new OwnedShard(Store.ShardCount, 1, 0);

        (await writer.AppendAsync(Entry(NewJob(Store.ShardCount)))).ShouldBeOfType<AppendResult.ShardsLost>().Shards.ShouldBe([Store.ShardCount]);
    }

    [Fact]
    public async Task A_node_that_gave_its_shard_to_another_cannot_write_to_it()
    {
        var writer = await JoinAsync(Store, 1, 2);
        var job = NewJob(1);
        await writer.CommitAsync(Entry(job));
        await Store.Nodes.ReleaseAsync(writer.Incarnation, [1], Token);
        var released = await writer.AppendAsync(Entry(job, 2));
        await Store.Nodes.LeaveAsync(writer.Incarnation, Token);
        var other = await JoinAsync(Store, 1);

        var result = await writer.AppendAsync(Entry(job, 2));

        released.ShouldBeOfType<AppendResult.ShardsLost>().Shards.ShouldBe([1]);
        result.ShouldBeOfType<AppendResult.ShardsLost>().Shards.ShouldBe([1]);
        other[1].Head.ShouldBe(1);
        await other.CommitAsync(Entry(job, 2, Event("B")));
        (await ReadAsync(job)).Select(row => row.Event).ShouldBe(["SUBMITTED", "B"]);
    }

    [Fact]
    public async Task Of_two_batches_at_once_on_one_head_exactly_one_is_committed()
    {
        var writer = await JoinAsync(Store, 1);
        for (var round = 0; round < 20; round++)
        {
            var batches = Enumerable.Range(0, 2).Select(_ => writer.Batch(Entry(NewJob(1)))).ToArray();

            var results = await Task.WhenAll(batches.Select(batch => Journal.AppendAsync(batch, Token)));

            results.Count(result => result is AppendResult.Committed).ShouldBe(1);
            results.Count(result => result is AppendResult.ShardsLost).ShouldBe(1);
            writer.Committed(batches[0]);
        }

        (await ReadShardAsync(1)).Select(row => row.ShardSeq).ShouldBe(Enumerable.Range(1, 20).Select(seq => (long)seq));
    }

    [Fact]
    public async Task Settling_shows_that_a_batch_was_committed_and_fences_its_ghost()
    {
        var writer = await JoinAsync(Store, 1, 2);
        var job = NewJob(1);
        var batch = writer.Batch(Entry(job, 1, Event("A"), Event("B")));
        await Journal.AppendAsync(batch, Token);

        var settled = await Journal.SettleAsync(writer.Incarnation, [2, 1], Token);

        settled.ShouldBe([new OwnedShard(1, writer[1].Epoch + 1, 2), new OwnedShard(2, writer[2].Epoch + 1, 0)]);
        writer[1] = settled[0];
        await writer.CommitAsync(Entry(job, 3));
    }

    [Fact]
    public async Task Settling_shows_that_a_batch_was_not_committed_and_fences_its_ghost()
    {
        var writer = await JoinAsync(Store, 1);
        var job = NewJob(1);
        var ghost = writer.Batch(Entry(job));

        var settled = await Journal.SettleAsync(writer.Incarnation, [1], Token);

        settled.ShouldBe([new OwnedShard(1, writer[1].Epoch + 1, 0)]);
        (await Journal.AppendAsync(ghost, Token)).ShouldBeOfType<AppendResult.ShardsLost>();
        writer[1] = settled[0];
        await writer.CommitAsync(Entry(job));
    }

    [Fact]
    public async Task Settling_leaves_out_a_shard_that_was_lost_in_between()
    {
        var writer = await JoinAsync(Store, 1, 2);
        await writer.CommitAsync(Entry(NewJob(1)), Entry(NewJob(2)));
        await Store.Nodes.ReleaseAsync(writer.Incarnation, [1], Token);
        var before = (await Store.Nodes.ReadAsync(Token)).Shards[1];

        var settled = await Journal.SettleAsync(writer.Incarnation, [1, 2], Token);

        settled.ShouldBe([new OwnedShard(2, writer[2].Epoch + 1, 1)]);
        (await Store.Nodes.ReadAsync(Token)).Shards[1].ShouldBe(before);
    }
}
