using System.Globalization;
using System.Text;
using AiCd.Actors.Jobs;
using AiCd.Actors.Journal;
using AiCd.Actors.Journal.Sqlite;
using AiCd.Testing;

namespace AiCd.Actors.Tests.Journal;

public sealed class SqliteProcessTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_folder_that_another_process_writes_to_is_in_use_until_that_process_is_gone()
    {
        await using var child = StoreChild.Start("hold", _folder.Location);
        await child.WaitForLineAsync(line => line == "open", StoreChild.Patience, Token);

        var refusal = await Should.ThrowAsync<StoreUnusableException>(() => SqliteStore.OpenAsync(_folder.Location, cancellationToken: Token));
        await using (var reader = await SqliteStore.OpenReadOnlyAsync(_folder.Location, cancellationToken: Token))
        {
            reader.ShardCount.ShouldBe(64);
        }

        await child.KillAsync(Token);
        await using var store = await SqliteStore.OpenAsync(_folder.Location, cancellationToken: Token);

        refusal.Code.ShouldBe("in_use");
        refusal.Message.ShouldContain($"process {child.Id}");
    }

    [Fact]
    public async Task A_process_finds_the_folder_in_use_by_this_one()
    {
        await using var store = await SqliteStore.OpenAsync(_folder.Location, cancellationToken: Token);
        await using var child = StoreChild.Start("hold", _folder.Location);

        (await child.WaitForExitAsync(StoreChild.Patience, Token)).ShouldBe(3);

        child.Errors.ShouldHaveSingleItem().ShouldContain($"in_use: The data folder {_folder.Location} is in use by process {Environment.ProcessId};");
    }

    [Fact]
    public async Task Every_append_that_was_acknowledged_outlives_the_kill_of_its_process()
    {
        var acknowledged = new Dictionary<int, long>();
        for (var kill = 1; kill <= 4; kill++)
        {
            await using var child = StoreChild.Start("append", _folder.Location);
            var target = 40 * kill;
            await child.WaitForLineAsync(line => line.StartsWith("ack", StringComparison.Ordinal) && child.Output.Count > target, StoreChild.Patience, Token);

            await child.KillAsync(Token);
            await child.WaitForExitAsync(StoreChild.Patience, Token);

            var acks = child.Output.Where(line => line.StartsWith("ack", StringComparison.Ordinal)).Select(line => line.Split(' ')).ToList();
            acks.Where(ack => ack.Length == 4).ToList().ForEach(ack => acknowledged[Number(ack[1])] = Number(ack[2]));
            await VerifyAsync(acknowledged);
        }
    }

    private async Task VerifyAsync(Dictionary<int, long> acknowledged)
    {
        await using var store = await SqliteStore.OpenAsync(_folder.Location, cancellationToken: Token);
        var view = await store.Nodes.ReadAsync(Token);
        acknowledged.Count.ShouldBe(4);
        foreach (var (shard, acked) in acknowledged)
        {
            var rows = await store.Journal.ReadShardAsync(shard, 0, int.MaxValue, Token).ToListAsync(Token);
            rows.Count.ShouldBeGreaterThanOrEqualTo((int)acked);
            rows.Select(row => row.ShardSeq).ShouldBe(Enumerable.Range(1, rows.Count).Select(seq => (long)seq));
            rows.Chunk(3).All(events => events.Length == 3 && events.All(row => row.Job == events[0].Job && Holds(row, row.Job))).ShouldBeTrue();
            view.Shards[shard].Head.ShouldBe(rows.Count);
        }
    }

    private static bool Holds(JournalRow row, JobId job) => Encoding.UTF8.GetString(row.Payload.Span).StartsWith($"{{\"job\":\"{job}\"", StringComparison.Ordinal);

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
