using AiCd.Actors.Jobs;
using static AiCd.Actors.Journal.Postgres.Sql;

namespace AiCd.Actors.Journal.Postgres;

internal sealed class PostgresPoolSettings(PostgresDatabase database) : IPoolSettings
{
    public async Task<IReadOnlyList<PoolSetting>> ReadAsync(CancellationToken cancellationToken)
    {
        var settings = await database.QueryAsync(
            static reader => WireNames.TryParse<Stage>(reader.GetString(0), out var stage)
                ? new PoolSetting(stage, reader.IsDBNull(1) ? null : reader.GetInt32(1), reader.IsDBNull(2) ? null : reader.GetDouble(2), reader.GetBoolean(3))
                : null,
            cancellationToken,
            Statement("select stage, concurrency, starts_per_second, paused from pool_settings order by stage"));
        return [.. settings.OfType<PoolSetting>()];
    }

    public Task WriteAsync(PoolSetting setting, CancellationToken cancellationToken) => database.RunAsync(
        cancellationToken,
        Statement(
            "insert into pool_settings (stage, concurrency, starts_per_second, paused) values ($1, $2, $3, $4) "
            + "on conflict (stage) do update set concurrency = excluded.concurrency, starts_per_second = excluded.starts_per_second, paused = excluded.paused",
            Value(WireNames.Of(setting.Stage)),
            Value(setting.Concurrency),
            Value(setting.StartsPerSecond),
            Value(setting.Paused)));
}
