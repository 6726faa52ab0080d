using AiCd.Actors.Journal;
using static AiCd.Actors.Tests.Journal.ShardWriter;

namespace AiCd.Actors.Tests.Journal;

public sealed class PostgresNodesTests : PostgresTestBase
{
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task Shards_of_a_living_node_are_not_taken()
    {
        await using var store = await OpenAsync();
        var first = await JoinAsync(store, [.. Enumerable.Range(0, 32)]);
        var second = await store.Nodes.JoinAsync("second", takesShards: true, Lease, Token);

        var taken = await store.Nodes.AcquireAsync(second.Incarnation, [.. Enumerable.Range(0, 64)], Token);

        taken.Select(shard => shard.Shard).ShouldBe(Enumerable.Range(32, 32));
        var view = await store.Nodes.ReadAsync(Token);
        view.Nodes.Select(node => node.Incarnation).ShouldBe([first.Incarnation, second.Incarnation]);
        view.Shards.Select(shard => shard.Owner).ShouldBe([.. Enumerable.Repeat(first.Incarnation, 32), .. Enumerable.Repeat(second.Incarnation, 32)]);
        view.Shards.ShouldAllBe(shard => shard.Epoch == 1);
    }

    [Fact]
    public async Task What_a_node_hands_over_another_one_takes()
    {
        await using var store = await OpenAsync();
        var first = await JoinAsync(store, 1, 2, 3);
        var second = await JoinAsync(store);
        await store.Nodes.ReleaseAsync(first.Incarnation, [1], Token);

        await second.AcquireAsync(1, 2, 3);
        second[1].ShouldBe(new OwnedShard(1, 2, 0));
        await store.Nodes.LeaveAsync(first.Incarnation, Token);
        await second.AcquireAsync(2, 3);

        (second[1], second[2], second[3]).ShouldBe((new OwnedShard(1, 2, 0), new OwnedShard(2, 2, 0), new OwnedShard(3, 2, 0)));
        await second.CommitAsync(Entry(NewJob(1)), Entry(NewJob(2)));
    }

    [Fact]
    public async Task A_node_that_retires_keeps_its_lease_and_is_no_taker_of_shards_any_more()
    {
        await using var store = await OpenAsync();
        var retiring = await JoinAsync(store, 1);

        await store.Nodes.RetireAsync(retiring.Incarnation, Token);

        var node = (await store.Nodes.ReadAsync(Token)).Nodes.ShouldHaveSingleItem();
        (node.Alive, node.TakesShards).ShouldBe((true, false));
        (await store.Nodes.RenewAsync(retiring.Incarnation, Lease, Token)).ShouldBeTrue();
        (await store.Nodes.ReadAsync(Token)).Shards.ShouldAllBe(shard => shard.Owner == null);
    }

    [Fact]
    public async Task A_node_whose_lease_ran_out_is_taken_over_and_can_neither_write_nor_come_back()
    {
        await using var store = await OpenAsync();
        var zombie = await JoinAsync(store, 1, 2);
        var job = NewJob(1);
        await zombie.CommitAsync(Entry(job));
        var second = await JoinAsync(store);
        await ExpireAsync(zombie.Incarnation);

        var expired = (await store.Nodes.ReadAsync(Token)).Nodes.Single(node => node.Incarnation == zombie.Incarnation);
        await second.AcquireAsync(1, 2);

        expired.Alive.ShouldBeFalse();
        second[1].ShouldBe(new OwnedShard(1, 2, 1));
        (await store.Nodes.RenewAsync(zombie.Incarnation, Lease, Token)).ShouldBeFalse();
        (await store.Nodes.AcquireAsync(zombie.Incarnation, [1, 3], Token)).ShouldBeEmpty();
        (await zombie.AppendAsync(Entry(job, 2), Entry(NewJob(2)))).ShouldBeOfType<AppendResult.ShardsLost>().Shards.ShouldBe([1, 2]);
        (await store.Journal.SettleAsync(zombie.Incarnation, [1, 2], Token)).ShouldBeEmpty();
        (await store.Nodes.ReadAsync(Token)).Nodes.ShouldHaveSingleItem().Incarnation.ShouldBe(second.Incarnation);
        await second.CommitAsync(Entry(job, 2));
    }

    [Fact]
    public async Task A_zombie_that_holds_only_some_of_its_shards_loses_only_the_others()
    {
        await using var store = await OpenAsync();
        var first = await JoinAsync(store, 1, 2);
        var second = await JoinAsync(store);
        await store.Nodes.ReleaseAsync(first.Incarnation, [2], Token);
        await second.AcquireAsync(2);

        (await first.AppendAsync(Entry(NewJob(1)), Entry(NewJob(2)))).ShouldBeOfType<AppendResult.ShardsLost>().Shards.ShouldBe([2]);

        await first.CommitAsync(Entry(NewJob(1)));
        await second.CommitAsync(Entry(NewJob(2)));
    }

    [Fact]
    public async Task Nodes_that_take_at_once_share_out_the_shards_without_overlap()
    {
        await using var store = await OpenAsync();
        for (var round = 0; round < 10; round++)
        {
            var nodes = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => store.Nodes.JoinAsync("node", takesShards: true, Lease, Token)));

            var taken = await Task.WhenAll(nodes.Select(node => store.Nodes.AcquireAsync(node.Incarnation, [.. Enumerable.Range(0, 64)], Token)));

            taken.SelectMany(shards => shards).Select(shard => shard.Shard).Order().ShouldBe(Enumerable.Range(0, 64));
            await Task.WhenAll(nodes.Select(node => store.Nodes.LeaveAsync(node.Incarnation, Token)));
        }

        (await store.Nodes.ReadAsync(Token)).Shards.ShouldAllBe(shard => shard.Owner == null && shard.Epoch == 10);
    }

    [Fact]
    public async Task Two_nodes_that_make_one_claim_at_once_do_not_both_hold_it()
    {
        await using var store = await OpenAsync();
        var writers = new[] { await JoinAsync(store, 1), await JoinAsync(store, 2) };
        for (var round = 0; round < 20; round++)
        {
            var claims = Enumerable.Range(0, 3).Select(i => new Claim("issue", $"{round}/{i}", Permanent: true)).ToArray();

            var results = await Task.WhenAll(
                writers[0].AppendAsync(Entry(NewJob(1)) with { Claims = claims }),
                writers[1].AppendAsync(Entry(NewJob(2)) with { Claims = [.. claims.Reverse()] }));

            results.Count(result => result is AppendResult.Committed).ShouldBe(1);
            results.OfType<AppendResult.RowRefused>().ShouldHaveSingleItem().Claim.ShouldNotBeNull().Holder.ShouldNotBeNull();
        }
    }

    // The database's clock is the only judge: to let time pass is to move what it compares with.
    private Task ExpireAsync(string incarnation) =>
        ExecuteAsync($"update nodes set expires_at = clock_timestamp() - interval '1 millisecond' where incarnation = '{incarnation}'");
}
