using System.Text;
using AiCd.Actors.Jobs;
using AiCd.Actors.Journal;
using AiCd.Testing;
using static AiCd.Actors.Tests.Journal.ShardWriter;

namespace AiCd.Actors.Tests.Journal;

public abstract partial class StoreConformance
{
    [Fact]
    public async Task A_command_waits_for_the_owner_of_its_shard_until_it_is_settled_once()
    {
        var (first, second, elsewhere) = (await PostAsync(1), await PostAsync(1), await PostAsync(2));

        (await Store.Inbox.FindOutcomeAsync(first.Id, Token)).ShouldBeNull();
        (await PendingAsync(1)).ShouldBe([first.Id, second.Id]);
        (await PendingAsync(1, 2, 3)).ShouldBe([first.Id, second.Id, elsewhere.Id]);
        (await Store.Inbox.PendingAsync([1], 1, Token)).ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            command => (command.Id, command.Job, command.Tenant).ShouldBe((first.Id, first.Job, "default")),
            command => command.Body.ToArray().ShouldBe(first.Body.ToArray()));

        (await Store.Inbox.SettleAsync(Outcome(first.Id, "done"), Token)).ShouldBeTrue();
        (await Store.Inbox.SettleAsync(Outcome(first.Id, "again"), Token)).ShouldBeFalse();

        Text(await Store.Inbox.FindOutcomeAsync(first.Id, Token)).ShouldBe("done");
        (await PendingAsync(1)).ShouldBe([second.Id]);
        (await Store.Inbox.FindOutcomeAsync(Guid.NewGuid(), Token)).ShouldBeNull();
    }

    [Fact]
    public async Task The_outcome_of_a_command_is_written_with_its_events_and_only_once()
    {
        var writer = await JoinAsync(Store, 1);
        var command = await PostAsync(1);
        var entry = Entry(command.Job) with { Handled = Outcome(command.Id, "applied") };

        await writer.CommitAsync(entry);

        Text(await Store.Inbox.FindOutcomeAsync(command.Id, Token)).ShouldBe("applied");
        (await PendingAsync(1)).ShouldBeEmpty();
        (await writer.AppendAsync(Entry(command.Job, 2) with { Handled = Outcome(command.Id, "twice") })).ShouldBeOfType<AppendResult.RowRefused>();
        (await ReadAsync(command.Job)).Count.ShouldBe(1);
        Text(await Store.Inbox.FindOutcomeAsync(command.Id, Token)).ShouldBe("applied");
    }

    [Fact]
    public async Task Commands_and_outcomes_are_still_there_after_the_store_was_closed()
    {
        var (open, settled) = (await PostAsync(1), await PostAsync(1));
        await Store.Inbox.SettleAsync(Outcome(settled.Id, "done"), Token);

        await ReopenAsync();

        (await PendingAsync(1)).ShouldBe([open.Id]);
        Text(await Store.Inbox.FindOutcomeAsync(settled.Id, Token)).ShouldBe("done");
    }

    [Fact]
    public async Task A_listener_hears_that_it_listens_and_every_signal_from_then_on()
    {
        await Store.Inbox.SignalAsync("Too early", Token);
        await using var heard = Store.Inbox.ListenAsync(Token).GetAsyncEnumerator(Token);
        (await NextAsync()).ShouldBe(IInbox.Listening);

        await Store.Inbox.SignalAsync("It's 5 o'clock\nsomewhere", Token);
        await Store.Inbox.SignalAsync("Now it is 6", Token);

        (await NextAsync()).ShouldBe("It's 5 o'clock\nsomewhere");
        (await NextAsync()).ShouldBe("Now it is 6");

        async Task<string> NextAsync()
        {
            (await heard.MoveNextAsync().AsTask().WaitAsync(Eventually.Patience, Token)).ShouldBeTrue();
            return heard.Current;
        }
    }

    [Fact]
    public async Task What_operators_set_of_a_pool_is_kept_and_the_last_word_counts()
    {
        (await Store.PoolSettings.ReadAsync(Token)).ShouldBeEmpty();
        await Store.PoolSettings.WriteAsync(new PoolSetting(Stage.Coding, 2, 0.25, Paused: true), Token);
        await Store.PoolSettings.WriteAsync(new PoolSetting(Stage.PrOpen, 9, 1_000, Paused: false), Token);
        await Store.PoolSettings.WriteAsync(new PoolSetting(Stage.Coding, 3, 1.5, Paused: false), Token);
        await Store.PoolSettings.WriteAsync(new PoolSetting(Stage.Planning, null, null, Paused: true), Token);

        await ReopenAsync();

        (await Store.PoolSettings.ReadAsync(Token)).ShouldBe(
            [new PoolSetting(Stage.Planning, null, null, true), new PoolSetting(Stage.Coding, 3, 1.5, false), new PoolSetting(Stage.PrOpen, 9, 1_000, false)], ignoreOrder: true);
    }

    private static string? Text(ReadOnlyMemory<byte>? outcome) => outcome is { } bytes ? Encoding.UTF8.GetString(bytes.Span) : null;

    private static HandledCommand Outcome(Guid id, string text) => new(id, Encoding.UTF8.GetBytes(text));

    private async Task<InboxCommand> PostAsync(int shard)
    {
        var command = new InboxCommand(Guid.NewGuid(), NewJob(shard), "default", Encoding.UTF8.GetBytes($"body for {shard} 🚀"));
        await Store.Inbox.PostAsync(command, Token);
        return command;
    }

    private async Task<List<Guid>> PendingAsync(params int[] shards) =>
        [.. (await Store.Inbox.PendingAsync(shards, 100, Token)).Select(command => command.Id)];
}
