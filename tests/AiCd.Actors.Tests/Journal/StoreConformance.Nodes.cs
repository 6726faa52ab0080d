using AiCd.Actors.Journal;

namespace AiCd.Actors.Tests.Journal;

public abstract partial class StoreConformance
{
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task A_new_store_has_all_its_shards_and_no_nodes()
    {
        var view = await Store.Nodes.ReadAsync(Token);

        view.Nodes.ShouldBeEmpty();
        view.Shards.ShouldBe(Enumerable.Range(0, Store.ShardCount).Select(shard => new ShardView(shard, Owner: null, Epoch: 0, Head: 0)));
    }

    [Fact]
    public async Task A_node_that_joined_is_seen_with_its_lease()
    {
        var lease = await Store.Nodes.JoinAsync("worker-1", takesShards: true, Lease, Token);

        var node = (await Store.Nodes.ReadAsync(Token)).Nodes.ShouldHaveSingleItem();
        (node.Incarnation, node.Name, node.Alive).ShouldBe((lease.Incarnation, "worker-1", true));
        node.Remaining.ShouldBeInRange(TimeSpan.FromSeconds(30), Lease);
    }

    [Fact]
    public async Task Every_start_of_a_node_is_another_incarnation()
    {
        var first = await Store.Nodes.JoinAsync("worker-1", takesShards: true, Lease, Token);
        await Store.Nodes.LeaveAsync(first.Incarnation, Token);

        var second = await Store.Nodes.JoinAsync("worker-1", takesShards: true, Lease, Token);

        second.Incarnation.ShouldNotBe(first.Incarnation);
        (await Store.Nodes.ReadAsync(Token)).Nodes.ShouldHaveSingleItem().Incarnation.ShouldBe(second.Incarnation);
    }

    [Fact]
    public async Task A_lease_is_renewed_as_long_as_it_is_there()
    {
        var lease = await Store.Nodes.JoinAsync("worker-1", takesShards: true, Lease, Token);

        (await Store.Nodes.RenewAsync(lease.Incarnation, 10 * Lease, Token)).ShouldBeTrue();
        (await Store.Nodes.ReadAsync(Token)).Nodes[0].Remaining.ShouldBeInRange(9 * Lease, 10 * Lease);
        (await Store.Nodes.RenewAsync("somebody", Lease, Token)).ShouldBeFalse();
        await Store.Nodes.LeaveAsync(lease.Incarnation, Token);
        (await Store.Nodes.RenewAsync(lease.Incarnation, Lease, Token)).ShouldBeFalse();
    }

    [Fact]
    public async Task A_lease_that_ran_out_is_not_renewed_and_takes_no_shard()
    {
        var lease = await Store.Nodes.JoinAsync("worker-1", takesShards: true, TimeSpan.FromMilliseconds(1), Token);
        await ExpireAsync(lease.Incarnation);

        (await Store.Nodes.RenewAsync(lease.Incarnation, Lease, Token)).ShouldBeFalse();
        (await Store.Nodes.AcquireAsync(lease.Incarnation, [1], Token)).ShouldBeEmpty();
        (await Store.Nodes.ReadAsync(Token)).Nodes.ShouldAllBe(node => !node.Alive);
    }

    [Fact]
    public async Task Free_shards_are_taken_with_a_raised_epoch_and_own_ones_are_given_anew()
    {
        var lease = await Store.Nodes.JoinAsync("worker-1", takesShards: true, Lease, Token);

        (await Store.Nodes.AcquireAsync(lease.Incarnation, [2, 1, 2], Token)).ShouldBe([new OwnedShard(1, 1, 0), new OwnedShard(2, 1, 0)]);
        (await Store.Nodes.AcquireAsync(lease.Incarnation, [1, 2, 3], Token)).ShouldBe([new OwnedShard(1, 2, 0), new OwnedShard(2, 2, 0), new OwnedShard(3, 1, 0)]);

        (await Store.Nodes.ReadAsync(Token)).Shards.Where(shard => shard.Owner is not null).ShouldBe(
            [new ShardView(1, lease.Incarnation, 2, 0), new ShardView(2, lease.Incarnation, 2, 0), new ShardView(3, lease.Incarnation, 1, 0)]);
    }

    [Fact]
    public async Task What_was_in_flight_on_a_shard_that_is_taken_anew_is_fenced()
    {
        var writer = await ShardWriter.JoinAsync(Store, 1);
        var inFlight = writer.Batch(ShardWriter.Entry(ShardWriter.NewJob(1)));

        await writer.AcquireAsync(1);

        (await Journal.AppendAsync(inFlight, Token)).ShouldBeOfType<AppendResult.ShardsLost>().Shards.ShouldBe([1]);
        await writer.CommitAsync(ShardWriter.Entry(ShardWriter.NewJob(1)));
    }

    [Fact]
    public async Task Shards_that_were_released_can_be_taken_again_and_nobody_releases_those_of_others()
    {
        var lease = await Store.Nodes.JoinAsync("worker-1", takesShards: true, Lease, Token);
        await Store.Nodes.AcquireAsync(lease.Incarnation, [1, 2], Token);

        await Store.Nodes.ReleaseAsync(lease.Incarnation, [1], Token);
        await Store.Nodes.ReleaseAsync("somebody", [2], Token);

        (await Store.Nodes.ReadAsync(Token)).Shards.Where(shard => shard.Owner is not null).ShouldBe([new ShardView(2, lease.Incarnation, 1, 0)]);
        (await Store.Nodes.AcquireAsync(lease.Incarnation, [1], Token)).ShouldBe([new OwnedShard(1, 2, 0)]);
    }

    [Fact]
    public async Task A_node_that_leaves_gives_up_all_its_shards()
    {
        var lease = await Store.Nodes.JoinAsync("worker-1", takesShards: true, Lease, Token);
        await Store.Nodes.AcquireAsync(lease.Incarnation, [1, 2], Token);

        await Store.Nodes.LeaveAsync(lease.Incarnation, Token);

        var view = await Store.Nodes.ReadAsync(Token);
        view.Nodes.ShouldBeEmpty();
        view.Shards.ShouldAllBe(shard => shard.Owner == null);
    }

    [Fact]
    public async Task A_node_that_retires_gives_up_all_its_shards_and_keeps_its_lease()
    {
        var lease = await Store.Nodes.JoinAsync("worker-1", takesShards: true, Lease, Token);
        await Store.Nodes.AcquireAsync(lease.Incarnation, [1, 2], Token);

        await Store.Nodes.RetireAsync(lease.Incarnation, Token);

        var view = await Store.Nodes.ReadAsync(Token);
        view.Shards.ShouldAllBe(shard => shard.Owner == null);
        view.Nodes.ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            node => node.Alive.ShouldBeTrue(), node => node.TakesShards.ShouldBe(!Store.IsShared && node.TakesShards));
        (await Store.Nodes.RenewAsync(lease.Incarnation, Lease, Token)).ShouldBeTrue();
    }

    [Fact]
    public async Task Nobody_takes_a_shard_without_having_joined()
    {
        (await Store.Nodes.AcquireAsync("somebody", [1], Token)).ShouldBeEmpty();
    }

    /// <summary>Returns once the lease, which is a short one, has run out by the clock that judges it.</summary>
    private async Task ExpireAsync(string incarnation)
    {
        while ((await Store.Nodes.ReadAsync(Token)).Nodes.Any(node => node.Incarnation == incarnation && node.Alive))
        {
            Token.ThrowIfCancellationRequested();
        }
    }
}
