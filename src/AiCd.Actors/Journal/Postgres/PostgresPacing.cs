using static AiCd.Actors.Journal.Postgres.Sql;

namespace AiCd.Actors.Journal.Postgres;

/// <summary>Turns judged by the database and its clock: what one node takes, every other sees.</summary>
internal sealed class PostgresPacing(PostgresDatabase database) : IPacing
{
    public async Task<PaceTurn> TakeAsync(string key, PaceRule rule, TimeSpan patience, CancellationToken cancellationToken)
    {
        var turns = await database.QueryAsync(
            static reader => new PaceTurn(reader.GetBoolean(0), reader.GetFieldValue<TimeSpan>(1)),
            cancellationToken,
            Statement(
                "select taken, wait from aicd_take_turn($1, $2, $3, $4, $5)",
                Value(key),
                Value(rule.Spacing),
                Value(rule.Cost),
                Value(rule.Burst),
                Value(patience)));
        return turns[0];
    }

    public Task HoldAsync(string key, TimeSpan duration, CancellationToken cancellationToken) => database.RunAsync(
        cancellationToken,
        Statement(
            "insert into pacing (key, held_until) values ($1, clock_timestamp() + $2) "
            + "on conflict (key) do update set held_until = greatest(pacing.held_until, excluded.held_until)",
            Value(key),
            Value(duration)));

    public async Task<TimeSpan> HeldForAsync(string key, CancellationToken cancellationToken)
    {
        var holds = await database.QueryAsync(
            static reader => reader.GetFieldValue<TimeSpan>(0),
            cancellationToken,
            Statement("select held_until - clock_timestamp() from pacing where key = $1 and held_until > clock_timestamp()", Value(key)));
        return holds.Count > 0 && holds[0] > TimeSpan.Zero ? holds[0] : TimeSpan.Zero;
    }
}
