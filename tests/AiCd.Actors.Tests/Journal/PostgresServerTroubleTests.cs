using AiCd.Actors.Jobs;
using AiCd.Actors.Journal;
using AiCd.Actors.Journal.Postgres;
using AiCd.Testing;
using Npgsql;
using static AiCd.Actors.Tests.Journal.ShardWriter;

namespace AiCd.Actors.Tests.Journal;

/// <summary>A server that stops, dies, freezes or is full, each a cluster of the test's own.</summary>
public sealed class PostgresServerTroubleTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_store_goes_on_after_its_server_was_restarted_and_after_it_was_killed()
    {
        await using var cluster = await PostgresServer.StartOwnAsync(cancellationToken: Token);
        await using var database = await cluster.CreateDatabaseAsync(Token);
        await using var store = await PostgresStore.OpenAsync(database.ConnectionString, cancellationToken: Token);
        var writer = await JoinAsync(store, 1);
        var job = NewJob(1);
        await writer.CommitAsync(Entry(job));

        await cluster.StopAsync(Token);
        var down = await Should.ThrowAsync<JournalException>(() => writer.AppendAsync(Entry(job, 2)));
        await cluster.StartAsync(Token);
        await CommitAsync(store, writer, job, 2);
        await cluster.KillAsync(Token);
        await cluster.StartAsync(Token);
        await CommitAsync(store, writer, job, 3);

        down.IsTransient.ShouldBeTrue();
        var rows = await store.Journal.ReadShardAsync(1, 0, 10, Token).ToListAsync(Token);
        rows.Select(row => (row.ShardSeq, row.Seq)).ShouldBe([(1, 1), (2, 2), (3, 3)]);
    }

    [Fact]
    public async Task An_append_to_a_server_that_froze_has_an_unknown_end_and_is_settled_when_it_thaws()
    {
        await using var cluster = await PostgresServer.StartOwnAsync(cancellationToken: Token);
        await using var database = await cluster.CreateDatabaseAsync(Token);
        var settings = new NpgsqlConnectionStringBuilder(database.ConnectionString) { CommandTimeout = 1, Timeout = 2, CancellationTimeout = -1 };
        await using var store = await PostgresStore.OpenAsync(settings.ConnectionString, cancellationToken: Token);
        var writer = await JoinAsync(store, 1);
        var job = NewJob(1);
        await writer.CommitAsync(Entry(job));

        cluster.Pause();
        await Should.ThrowAsync<CommitUnknownException>(() => writer.AppendAsync(Entry(job, 2)));
        var stillFrozen = await Should.ThrowAsync<JournalException>(() => store.Journal.SettleAsync(writer.Incarnation, [1], Token));
        cluster.Continue();
        await CommitAsync(store, writer, job, 2, settles: true);

        stillFrozen.IsTransient.ShouldBeTrue();
        (await store.Journal.ReadJobsAsync([job], Token).Select(row => row.Seq).ToListAsync(Token)).ShouldBe([1, 2]);
    }

    [Fact]
    public async Task A_server_that_takes_no_more_connections_is_tried_again_later()
    {
        await using var cluster = await PostgresServer.StartOwnAsync(new PostgresOptions { MaxConnections = 10 }, Token);
        await using var database = await cluster.CreateDatabaseAsync(Token);
        var settings = new NpgsqlConnectionStringBuilder(database.ConnectionString) { Pooling = false };
        await using var store = await PostgresStore.OpenAsync(settings.ConnectionString, cancellationToken: Token);
        var writer = await JoinAsync(store, 1);

        var others = new List<NpgsqlConnection>();
        var full = await FillAsync(others, settings.ConnectionString);
        var failure = await Should.ThrowAsync<JournalException>(() => writer.AppendAsync(Entry(NewJob(1))));
        foreach (var other in others)
        {
            await other.DisposeAsync();
        }

        full.SqlState.ShouldBe(PostgresErrorCodes.TooManyConnections);
        failure.ShouldNotBeOfType<CommitUnknownException>();
        failure.IsTransient.ShouldBeTrue();
        await CommitAsync(store, writer, NewJob(1), 1);
    }

    private static async Task<PostgresException> FillAsync(List<NpgsqlConnection> connections, string connectionString)
    {
        while (true)
        {
            var connection = new NpgsqlConnection(connectionString);
            try
            {
                await connection.OpenAsync(Token);
                connections.Add(connection);
            }
            catch (PostgresException full)
            {
                await connection.DisposeAsync();
                return full;
            }
        }
    }

    /// <summary>
    /// Does what the writer of a node does: repeats what failed for now, and settles what has no known end. A settling without an
    /// answer may come true later than the next one, and the shard that it took from its own node is found by settling again.
    /// </summary>
    private static async Task CommitAsync(PostgresStore store, ShardWriter writer, JobId job, int seq, bool settles = false)
    {
        while (true)
        {
            Token.ThrowIfCancellationRequested();
            try
            {
                var before = writer[1].Head;
                if (settles)
                {
                    writer[1] = (await store.Journal.SettleAsync(writer.Incarnation, [1], Token)).ShouldHaveSingleItem();
                }

                if (writer[1].Head > before || await writer.AppendAsync(Entry(job, seq)) is AppendResult.Committed)
                {
                    return;
                }

                settles = true;
            }
            catch (CommitUnknownException)
            {
                settles = true;
            }
            catch (JournalException error) when (error.IsTransient)
            {
                continue;
            }
        }
    }
}
