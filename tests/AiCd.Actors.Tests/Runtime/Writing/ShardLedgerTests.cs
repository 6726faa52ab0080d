using AiCd.Actors.Journal;
using AiCd.Actors.Runtime.Writing;

namespace AiCd.Actors.Tests.Runtime.Writing;

public sealed class ShardLedgerTests
{
    private readonly ShardLedger _ledger = new(4);

    public ShardLedgerTests() => _ledger.Take([new OwnedShard(1, Epoch: 5, Head: 10), new OwnedShard(2, Epoch: 1, Head: 0)]);

    [Fact]
    public void It_knows_what_was_taken()
    {
        _ledger.Owned().ShouldBe([1, 2]);
        _ledger.Owns(1).ShouldBeTrue();
        _ledger.Owns(0).ShouldBeFalse();
        _ledger.Find(2).ShouldBe(new OwnedShard(2, 1, 0));
    }

    [Fact]
    public void A_shard_that_does_not_exist_is_owned_by_nobody()
    {
        _ledger.Owns(900).ShouldBeFalse();
        _ledger.Find(900).ShouldBeNull();
        _ledger.Drop([900]).ShouldBeEmpty();
    }

    [Fact]
    public void Only_what_was_owned_is_dropped()
    {
        _ledger.Drop([0, 1]).ShouldBe([1]);
        _ledger.Drop([1]).ShouldBeEmpty();
        _ledger.Owned().ShouldBe([2]);
    }

    [Fact]
    public void A_committed_batch_advances_the_head()
    {
        _ledger.Advance([new ShardFence(1, 5, 10, 3)]);

        _ledger.Find(1).ShouldBe(new OwnedShard(1, 5, 13));
    }

    [Fact]
    public void A_batch_from_before_the_shard_was_taken_anew_does_not_turn_its_head_back()
    {
        _ledger.Drop([1]);
        _ledger.Take([new OwnedShard(1, Epoch: 7, Head: 20)]);

        _ledger.Advance([new ShardFence(1, 5, 10, 3)]);

        _ledger.Find(1).ShouldBe(new OwnedShard(1, 7, 20));
    }

    [Fact]
    public void A_raised_epoch_does_not_bring_back_a_shard_that_was_given_up()
    {
        _ledger.Drop([1]);

        _ledger.Raise([new OwnedShard(1, 6, 13), new OwnedShard(2, 2, 4)]);

        _ledger.Owned().ShouldBe([2]);
        _ledger.Find(2).ShouldBe(new OwnedShard(2, 2, 4));
    }
}
