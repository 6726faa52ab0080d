using AiCd.Actors.Journal;
using AiCd.Actors.Runtime.Cluster;

namespace AiCd.Actors.Tests.Runtime.Cluster;

public sealed class BalanceTests
{
    [Fact]
    public void A_lone_node_takes_everything() =>
        Of("a", held: [], Nodes("a"), null, null, null, null).Take.ShouldBe([0, 1, 2, 3]);

    [Fact]
    public void A_node_takes_no_more_than_its_share() =>
        Of("a", held: [], Nodes("a", "b"), null, null, null, null).Take.Count.ShouldBe(2);

    [Fact]
    public void What_a_living_node_owns_is_not_taken_and_what_a_dead_one_owned_is()
    {
        var nodes = Nodes("a", "b").Append(Node("dead", remaining: -1));

        Of("a", held: [], nodes, "b", "dead", "b", "gone").Take.ShouldBe([1, 3]);
    }

    [Fact]
    public void Own_shards_that_the_node_does_not_know_of_come_first() =>
        Of("a", held: [], Nodes("a", "b"), null, null, "a", "a").Take.ShouldBe([2, 3]);

    [Fact]
    public void What_is_beyond_the_share_is_given_up() =>
        Of("a", held: [0, 1, 2, 3], Nodes("a", "b"), "a", "a", "a", "a").Release.ShouldBe([2, 3]);

    [Fact]
    public void A_shard_with_another_owner_is_lost()
    {
        var balance = Of("a", held: [0, 1], Nodes("a", "b"), "a", "b", "b", null);

        balance.Lost.ShouldBe([1]);
        balance.Release.ShouldBeEmpty();
    }

    [Fact]
    public void Nodes_that_take_no_shards_have_no_share()
    {
        var nodes = Nodes("a").Append(Node("web") with { TakesShards = false });

        Of("a", held: [], nodes, null, null, null, null).Take.Count.ShouldBe(4);
    }

    [Fact]
    public void A_node_that_is_drained_gives_up_all_it_holds_and_takes_nothing()
    {
        var nodes = (IEnumerable<NodeView>)[Node("a") with { Drained = true }, Node("b")];

        var balance = Of("a", held: [0, 1], nodes, "a", "a", null, "b");

        balance.Release.ShouldBe([0, 1]);
        balance.Take.ShouldBeEmpty();
    }

    [Fact]
    public void The_others_share_what_a_drained_node_has_given_up()
    {
        var nodes = (IEnumerable<NodeView>)[Node("a") with { Drained = true }, Node("b")];

        Of("b", held: [3], nodes, "a", null, null, "b").Take.ShouldBe([1, 2]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_a_node_owns_without_knowing_and_does_not_take_is_given_up(bool drained)
    {
        var nodes = (IEnumerable<NodeView>)[Node("a") with { Drained = drained }, Node("b")];

        var balance = Of("a", held: drained ? [] : [0, 1], nodes, "a", "a", "a", null);

        balance.Release.ShouldBe(drained ? [0, 1, 2] : [2]);
        balance.Take.ShouldBeEmpty();
    }

    [Fact]
    public void A_node_that_drives_one_job_gives_up_a_shard_that_it_could_not_recover_when_another_drives_it_now()
    {
        var view = new ClusterView([Node("a") with { TakesShards = false }, Node("b")], [new ShardView(0, "b", 1, 0), new ShardView(1, "a", 1, 0)]);

        Balance.OfOne(view, "a", held: [], wanted: 1).Release.ShouldBe([1]);
        Balance.OfOne(view with { Nodes = [view.Nodes[0]] }, "a", held: [], wanted: 1).ShouldSatisfyAllConditions(
            balance => balance.Take.ShouldBe([1]), balance => balance.Release.ShouldBeEmpty());
    }

    private static Balance Of(string self, int[] held, IEnumerable<NodeView> nodes, params string?[] owners) =>
        Balance.Of(new ClusterView([.. nodes], [.. owners.Select((owner, shard) => new ShardView(shard, owner, 1, 0))]), self, held);

    private static IEnumerable<NodeView> Nodes(params string[] names) => names.Select(name => Node(name));

    private static NodeView Node(string name, int remaining = 5) => new(name, name, TakesShards: true, DateTimeOffset.UnixEpoch, TimeSpan.FromSeconds(remaining));
}
