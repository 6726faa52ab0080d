using AiCd.Actors.Journal;
using AiCd.Actors.Journal.Postgres;
using static AiCd.Actors.Tests.Journal.ShardWriter;

namespace AiCd.Actors.Tests.Journal;

/// <summary>The connection breaks around a commit; settling tells the truth, whichever it is.</summary>
public sealed class PostgresUnknownCommitTests : PostgresTestBase
{
    [Fact]
    public async Task A_commit_whose_answer_was_lost_is_found_to_have_happened()
    {
        await using var proxy = new PostgresProxy(Database.ConnectionString);
        await using var store = await PostgresStore.OpenAsync(proxy.ConnectionString, cancellationToken: Token);
        var writer = await JoinAsync(store, 1, 2);
        var job = NewJob(1);
        var batch = writer.Batch(Entry(job), Entry(NewJob(2)));

        proxy.Arm(PostgresProxy.Fault.CutBeforeAnswer);
        await Should.ThrowAsync<CommitUnknownException>(() => store.Journal.AppendAsync(batch, Token));
        var settled = await store.Journal.SettleAsync(writer.Incarnation, [1, 2], Token);

        settled.ShouldBe([new OwnedShard(1, 2, 1), new OwnedShard(2, 2, 1)]);
        (await store.Journal.ReadJobsAsync([job], Token).CountAsync(Token)).ShouldBe(1);
        (await store.Journal.AppendAsync(batch, Token)).ShouldBeOfType<AppendResult.ShardsLost>();
    }

    [Fact]
    public async Task A_commit_that_never_reached_the_server_is_found_not_to_have_happened()
    {
        await using var proxy = new PostgresProxy(Database.ConnectionString);
        await using var store = await PostgresStore.OpenAsync(proxy.ConnectionString, cancellationToken: Token);
        var writer = await JoinAsync(store, 1);
        var job = NewJob(1);

        proxy.Arm(PostgresProxy.Fault.CutBeforeRequest);
        await Should.ThrowAsync<CommitUnknownException>(() => writer.AppendAsync(Entry(job)));
        var settled = await store.Journal.SettleAsync(writer.Incarnation, [1], Token);

        settled.ShouldBe([new OwnedShard(1, 2, 0)]);
        writer[1] = settled[0];
        await writer.CommitAsync(Entry(job));
    }

    [Fact]
    public async Task Settling_waits_for_a_ghost_that_is_still_under_way()
    {
        await using var proxy = new PostgresProxy(Database.ConnectionString);
        await using var store = await PostgresStore.OpenAsync(proxy.ConnectionString, cancellationToken: Token);
        var writer = await JoinAsync(store, 1);
        var blocker = await LockShardAsync(1);
        var append = writer.AppendAsync(Entry(NewJob(1)));
        await WaitForWaitingAsync(1);

        proxy.CutAll();
        await Should.ThrowAsync<CommitUnknownException>(append);
        var settling = store.Journal.SettleAsync(writer.Incarnation, [1], Token);
        await WaitForWaitingAsync(2);
        await EndAsync(blocker);

        // The ghost was first in the line for the row, and nobody had told it that its client is gone.
        (await settling).ShouldBe([new OwnedShard(1, 2, 1)]);
    }

    [Fact]
    public async Task A_ghost_that_comes_after_the_settling_finds_its_epoch_gone()
    {
        await using var store = await OpenAsync();
        var writer = await JoinAsync(store, 1);
        var ghost = writer.Batch(Entry(NewJob(1)));
        var blocker = await LockShardAsync(1);
        var settling = store.Journal.SettleAsync(writer.Incarnation, [1], Token);
        await WaitForWaitingAsync(1);
        var append = store.Journal.AppendAsync(ghost, Token);
        await WaitForWaitingAsync(2);

        await EndAsync(blocker);

        (await settling).ShouldBe([new OwnedShard(1, 2, 0)]);
        (await append).ShouldBeOfType<AppendResult.ShardsLost>();
    }

    [Fact]
    public async Task A_session_that_the_server_ends_during_an_append_leaves_nothing_behind()
    {
        await using var store = await OpenAsync();
        var writer = await JoinAsync(store, 1);
        var job = NewJob(1);
        var blocker = await LockShardAsync(1);
        var append = writer.AppendAsync(Entry(job));
        var session = (await WaitForWaitingAsync(1))[0];

        (await QueryAsync<bool>($"select pg_terminate_backend({session}, 10000)")).ShouldBeTrue();
        await Should.ThrowAsync<CommitUnknownException>(append);
        await EndAsync(blocker);
        writer[1] = (await store.Journal.SettleAsync(writer.Incarnation, [1], Token)).ShouldHaveSingleItem();

        writer[1].Head.ShouldBe(0);
        await writer.CommitAsync(Entry(job));
    }

    [Fact]
    public async Task A_statement_that_the_server_timed_out_is_known_to_be_undone_and_may_be_repeated()
    {
        await using var store = await OpenAsync(settings => settings.Options = "-c statement_timeout=300");
        var writer = await JoinAsync(store, 1);
        var blocker = await LockShardAsync(1);

        var failure = await Should.ThrowAsync<JournalException>(() => writer.AppendAsync(Entry(NewJob(1))));
        await EndAsync(blocker);

        failure.ShouldNotBeOfType<CommitUnknownException>();
        failure.IsTransient.ShouldBeTrue();
        await writer.CommitAsync(Entry(NewJob(1)));
    }

    [Fact]
    public async Task An_append_that_the_client_gave_up_on_has_an_unknown_end()
    {
        await using var store = await OpenAsync(settings => settings.CommandTimeout = 1);
        var writer = await JoinAsync(store, 1);
        var blocker = await LockShardAsync(1);

        await Should.ThrowAsync<CommitUnknownException>(() => writer.AppendAsync(Entry(NewJob(1))));
        await EndAsync(blocker);
        writer[1] = (await store.Journal.SettleAsync(writer.Incarnation, [1], Token)).ShouldHaveSingleItem();

        writer[1].Head.ShouldBe(0);
        await writer.CommitAsync(Entry(NewJob(1)));
    }

    [Fact]
    public async Task Cancelling_an_append_that_was_sent_waits_for_its_end()
    {
        await using var store = await OpenAsync();
        var writer = await JoinAsync(store, 1);
        var blocker = await LockShardAsync(1);
        using var cancellation = new CancellationTokenSource();
        var append = store.Journal.AppendAsync(writer.Batch(Entry(NewJob(1))), cancellation.Token);
        await WaitForWaitingAsync(1);

        await cancellation.CancelAsync();
        await EndAsync(blocker);

        (await append).ShouldBeOfType<AppendResult.Committed>();
    }

    private static async Task EndAsync(Npgsql.NpgsqlTransaction blocker)
    {
        var connection = blocker.Connection!;
        await blocker.RollbackAsync(Token);
        await connection.DisposeAsync();
    }
}
