using AiCd.Actors.Jobs;
using AiCd.Actors.Journal;

namespace AiCd.Actors.Runtime.Pools;

/// <summary>The four pools of a node.</summary>
public sealed class StagePools : IDisposable
{
    private readonly StagesOptions _options;
    private readonly StagePool[] _pools;

    public StagePools(StagesOptions options, ProviderCircuits circuits, TimeProvider time, Action<JobId, StageSlot> grant, Func<string, int>? weightOf = null)
    {
        _options = options;
        _pools = [.. Enum.GetValues<Stage>().Select(stage => new StagePool(stage, options[stage], circuits, time, grant, weightOf))];
    }

    public StagePool this[Stage stage] => _pools[(int)stage];

    public IReadOnlyList<StagePool> All => _pools;

    public void Remove(JobId job)
    {
        foreach (var pool in _pools)
        {
            pool.Remove(job);
        }
    }

    /// <summary>Forgets the jobs of shards that another node drives from now on.</summary>
    public void Remove(IReadOnlySet<int> shards)
    {
        foreach (var pool in _pools)
        {
            pool.Remove(shards);
        }
    }

    public void Pause()
    {
        foreach (var pool in _pools)
        {
            pool.Pause();
        }
    }

    public void Close()
    {
        foreach (var pool in _pools)
        {
            pool.Close();
        }
    }

    /// <summary>Makes the pools as operators set them; what they did not name is as configured.</summary>
    public void Apply(IEnumerable<PoolSetting> settings)
    {
        foreach (var setting in settings)
        {
            var pool = this[setting.Stage];
            var configured = _options[setting.Stage];
            pool.Resize(setting.Concurrency ?? configured.Concurrency, setting.StartsPerSecond ?? configured.StartsPerSecond);
            if (setting.Paused)
            {
                pool.Pause();
            }
            else
            {
                pool.Resume();
            }
        }
    }

    /// <returns>Why the job waits for a place, or null where it does not.</returns>
    public WaitingReason? Explain(JobId job) => _pools.Select(pool => pool.Explain(job)).FirstOrDefault(reason => reason is not null);

    public void Dispose()
    {
        foreach (var pool in _pools)
        {
            pool.Dispose();
        }
    }
}
