namespace AiCd.Actors.Journal.Sqlite;

internal sealed class SqlitePacing(SqliteDatabase database, TimeProvider time) : IPacing
{
    private const string Select = "select spaced_at, budget_at, held_until from pacing where key = ?";

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    public Task<PaceTurn> TakeAsync(string key, PaceRule rule, TimeSpan patience, CancellationToken cancellationToken) =>
        ChangeAsync(key, state => state.Take(Now, rule, patience), cancellationToken);

    public Task HoldAsync(string key, TimeSpan duration, CancellationToken cancellationToken) =>
        ChangeAsync(key, state => (state.Hold(Now, duration), true), cancellationToken);

    public Task<TimeSpan> HeldForAsync(string key, CancellationToken cancellationToken) =>
        database.ReadAsync(session => Read(session, key).HeldFor(Now), cancellationToken);

    private Task<T> ChangeAsync<T>(string key, Func<PaceState, (PaceState Next, T Result)> change, CancellationToken cancellationToken) =>
        database.WriteAsync(
            Durability.Full,
            session =>
            {
                var (next, result) = change(Read(session, key));
                session.Prepare("insert or replace into pacing (key, spaced_at, budget_at, held_until) values (?, ?, ?, ?)")
                    .Bind(1, key)
                    .Bind(2, next.SpacedAt)
                    .Bind(3, next.BudgetAt)
                    .Bind(4, next.HeldUntil)
                    .Run();
                session.Commit();
                return result;
            },
            cancellationToken);

    private static PaceState Read(SqliteSession session, string key)
    {
        var statement = session.Prepare(Select).Bind(1, key);
        var state = default(PaceState);
        while (statement.Step())
        {
            state = new PaceState(statement.Int64(0), statement.Int64(1), statement.Int64(2));
        }

        return state;
    }
}
