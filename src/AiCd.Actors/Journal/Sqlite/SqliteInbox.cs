using AiCd.Actors.Jobs;

namespace AiCd.Actors.Journal.Sqlite;

internal sealed class SqliteInbox(SqliteDatabase database, TimeProvider time) : IInbox
{
    private readonly SignalBus _signals = new();

    public Task PostAsync(InboxCommand command, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        return database.WriteAsync(
            Durability.Full,
            session =>
            {
                session.Prepare("insert into commands (id, shard, job_id, tenant, body, created_at) values (?, ?, ?, ?, ?, ?)")
                    .Bind(1, command.Id.ToString())
                    .Bind(2, command.Job.Shard)
                    .Bind(3, command.Job.Value)
                    .Bind(4, command.Tenant)
                    .Bind(5, command.Body.Span)
                    .Bind(6, now)
                    .Run();
                session.Commit();
                return true;
            },
            cancellationToken);
    }

    public Task<IReadOnlyList<InboxCommand>> PendingAsync(IReadOnlyCollection<int> shards, int limit, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<InboxCommand>>(
            session =>
            {
                var pending = new List<InboxCommand>();
                var statement = session.Prepare("select id, shard, job_id, tenant, body from commands where handled_at is null order by number");
                while (pending.Count < limit && statement.Step())
                {
                    if (shards.Contains(statement.Int32(1)))
                    {
                        pending.Add(new InboxCommand(
                            Guid.Parse(statement.Text(0)), JobId.Parse(statement.Text(2)), statement.Text(3), statement.Utf8(4).ToArray()));
                    }
                }

                statement.Reset();
                return pending;
            },
            cancellationToken);

    public Task<bool> SettleAsync(HandledCommand handled, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        return database.WriteAsync(
            Durability.Full,
            session =>
            {
                var settled = TrySettle(session, handled, now);
                session.Commit();
                return settled;
            },
            cancellationToken);
    }

    public Task<ReadOnlyMemory<byte>?> FindOutcomeAsync(Guid id, CancellationToken cancellationToken) =>
        database.ReadAsync<ReadOnlyMemory<byte>?>(
            session =>
            {
                var statement = session.Prepare("select outcome from commands where id = ? and handled_at is not null").Bind(1, id.ToString());
                var outcome = statement.Step() ? (ReadOnlyMemory<byte>?)statement.Utf8(0).ToArray() : null;
                statement.Reset();
                return outcome;
            },
            cancellationToken);

    public Task SignalAsync(string message, CancellationToken cancellationToken)
    {
        _signals.Send(message);
        return Task.CompletedTask;
    }

    public IAsyncEnumerable<string> ListenAsync(CancellationToken cancellationToken) => _signals.ListenAsync(cancellationToken);

    public static bool TrySettle(SqliteSession session, HandledCommand handled, long now) =>
        session.Prepare("update commands set handled_at = ?1, outcome = ?2 where id = ?3 and handled_at is null")
            .Bind(1, now)
            .Bind(2, handled.Outcome.Span)
            .Bind(3, handled.Id.ToString())
            .Run() > 0;
}
