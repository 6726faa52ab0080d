using System.Globalization;
using AiCd.Actors.Jobs;

namespace AiCd.Actors.Journal.Sqlite;

internal sealed class SqlitePoolSettings(SqliteDatabase database) : IPoolSettings
{
    public Task<IReadOnlyList<PoolSetting>> ReadAsync(CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<PoolSetting>>(
            session =>
            {
                var settings = new List<PoolSetting>();
                var statement = session.Prepare("select stage, concurrency, starts_per_second, paused from pool_settings order by stage");
                while (statement.Step())
                {
                    if (WireNames.TryParse<Stage>(statement.Text(0), out var stage))
                    {
                        settings.Add(new PoolSetting(
                            stage,
                            statement.IsNull(1) ? null : statement.Int32(1),
                            statement.TextOrNull(2) is { } rate ? double.Parse(rate, CultureInfo.InvariantCulture) : null,
                            statement.Int32(3) != 0));
                    }
                }

                return settings;
            },
            cancellationToken);

    public Task WriteAsync(PoolSetting setting, CancellationToken cancellationToken) =>
        database.WriteAsync(
            Durability.Full,
            session =>
            {
                session.Prepare("insert or replace into pool_settings (stage, concurrency, starts_per_second, paused) values (?, ?, ?, ?)")
                    .Bind(1, WireNames.Of(setting.Stage))
                    .Bind(2, setting.Concurrency)
                    .Bind(3, setting.StartsPerSecond?.ToString("R", CultureInfo.InvariantCulture))
                    .Bind(4, setting.Paused ? 1 : 0)
                    .Run();
                session.Commit();
                return true;
            },
            cancellationToken);
}
