using AiCd.Actors.Jobs;
using AiCd.Actors.Journal;
using AiCd.Web.Streams;

namespace AiCd.Web.Tests.Streams;

public sealed class TimeOrderTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void What_happened_on_several_shards_is_told_in_the_order_of_time() =>
        TimeOrder.Of([Row(1, 1, 10), Row(1, 2, 30), Row(2, 1, 5), Row(2, 2, 20)])
            .Select(row => (row.Shard, row.ShardSeq)).ShouldBe([(2, 1), (1, 1), (2, 2), (1, 2)]);

    [Fact]
    public void A_shard_keeps_its_order_though_its_next_owner_has_a_clock_that_is_late() =>
        TimeOrder.Of([Row(1, 1, 50), Row(1, 2, 10), Row(1, 3, 60), Row(2, 1, 20), Row(2, 2, 55)])
            .Select(row => (row.Shard, row.ShardSeq)).ShouldBe([(2, 1), (1, 1), (1, 2), (2, 2), (1, 3)]);

    [Fact]
    public void Where_nothing_was_found_there_is_nothing_to_tell() => TimeOrder.Of([]).ShouldBeEmpty();

    private static JournalRow Row(int shard, long seq, int seconds) =>
        new(shard, seq, JobId.Create(Start, shard, 1), (int)seq, "acme", "Submitted", Array.Empty<byte>(), Start.AddSeconds(seconds));
}
