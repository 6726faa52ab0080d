using System.Runtime.CompilerServices;
using System.Threading.Channels;
using AiCd.Actors.Jobs;
using Npgsql;
using static AiCd.Actors.Journal.Postgres.Sql;

namespace AiCd.Actors.Journal.Postgres;

internal sealed class PostgresInbox(PostgresDatabase database) : IInbox
{
    private const string SignalChannel = "aicd";

    public Task PostAsync(InboxCommand command, CancellationToken cancellationToken) => database.RunAsync(
        cancellationToken,
        Statement("set local synchronous_commit to on"),
        Statement(
            "insert into commands (id, shard, job_id, tenant, body) values ($1, $2, $3, $4, $5) on conflict (id) do nothing",
            Value(command.Id),
            Value(command.Job.Shard),
            Value(command.Job.Value),
            Value(command.Tenant),
            Value(command.Body)));

    public async Task<IReadOnlyList<InboxCommand>> PendingAsync(IReadOnlyCollection<int> shards, int limit, CancellationToken cancellationToken) =>
        await database.QueryAsync(
            static reader => new InboxCommand(reader.GetGuid(0), JobId.Parse(reader.GetString(1)), reader.GetString(2), reader.GetFieldValue<byte[]>(3)),
            cancellationToken,
            Statement(
                "select id, job_id, tenant, body from commands where handled_at is null and shard = any ($1) order by number limit $2",
                Value(shards.ToArray()),
                Value(limit)));

    public async Task<bool> SettleAsync(HandledCommand handled, CancellationToken cancellationToken)
    {
        var settled = await database.QueryAsync(
            static reader => reader.GetGuid(0),
            cancellationToken,
            Statement(
                "update commands set handled_at = clock_timestamp(), outcome = $2 where id = $1 and handled_at is null returning id",
                Value(handled.Id),
                Value(handled.Outcome)));
        return settled.Count > 0;
    }

    public async Task<ReadOnlyMemory<byte>?> FindOutcomeAsync(Guid id, CancellationToken cancellationToken)
    {
        var outcomes = await database.QueryAsync(
            static reader => (ReadOnlyMemory<byte>?)reader.GetFieldValue<byte[]>(0),
            cancellationToken,
            Statement("select outcome from commands where id = $1 and handled_at is not null", Value(id)));
        return outcomes.FirstOrDefault();
    }

    public Task SignalAsync(string message, CancellationToken cancellationToken) => database.RunAsync(
        cancellationToken, Statement("select pg_notify($1, $2)", Value(SignalChannel), Value(message)));

    public async IAsyncEnumerable<string> ListenAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var messages = Channel.CreateUnbounded<string>(new() { SingleReader = true, SingleWriter = true });
        connection.Notification += (_, notification) => messages.Writer.TryWrite(notification.Payload);
        await ListenAsync(connection, cancellationToken);
        yield return IInbox.Listening;
        while (true)
        {
            await WaitAsync(connection, cancellationToken);
            while (messages.Reader.TryRead(out var message))
            {
                yield return message;
            }
        }
    }

    private static async Task ListenAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        try
        {
            await using var command = new NpgsqlCommand($"listen {SignalChannel}", connection);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
        catch (NpgsqlException error)
        {
            throw PostgresErrors.Translate(error);
        }
    }

    private static async Task WaitAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        try
        {
            await connection.WaitAsync(cancellationToken);
        }
        catch (NpgsqlException error)
        {
            throw PostgresErrors.Translate(error);
        }
    }
}
