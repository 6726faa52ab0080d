using AiCd.Actors.Jobs;

namespace AiCd.Actors.Journal.InMemory;

internal sealed class InMemoryPoolSettings : IPoolSettings
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<Stage, PoolSetting> _settings = [];

    public Task<IReadOnlyList<PoolSetting>> ReadAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult<IReadOnlyList<PoolSetting>>([.. _settings.Values]);
        }
    }

    public Task WriteAsync(PoolSetting setting, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            _settings[setting.Stage] = setting;
        }

        return Task.CompletedTask;
    }
}
