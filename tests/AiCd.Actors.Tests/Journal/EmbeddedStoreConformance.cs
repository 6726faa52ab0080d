using AiCd.Actors.Journal;
using static AiCd.Actors.Tests.Journal.ShardWriter;

namespace AiCd.Actors.Tests.Journal;

/// <summary>What the engines of a single process promise beyond the rest.</summary>
public abstract class EmbeddedStoreConformance : StoreConformance
{
    [Fact]
    public async Task Whoever_joins_takes_the_place_of_the_incarnation_before()
    {
        var crashed = await JoinAsync(Store, 1, 2);
        var job = NewJob(1);
        await crashed.CommitAsync(Entry(job));

        var next = await JoinAsync(Store, 1);

        next[1].ShouldBe(new OwnedShard(1, 2, 1));
        (await Store.Nodes.ReadAsync(Token)).Nodes.ShouldHaveSingleItem().Incarnation.ShouldBe(next.Incarnation);
        (await Store.Nodes.ReadAsync(Token)).Shards[2].Owner.ShouldBeNull();
        (await Store.Nodes.RenewAsync(crashed.Incarnation, TimeSpan.FromMinutes(1), Token)).ShouldBeFalse();
        (await Store.Nodes.AcquireAsync(crashed.Incarnation, [2], Token)).ShouldBeEmpty();
        (await crashed.AppendAsync(Entry(job, 2))).ShouldBeOfType<AppendResult.ShardsLost>();
    }
}
