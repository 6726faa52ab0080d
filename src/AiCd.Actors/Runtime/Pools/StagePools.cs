using AiCd.Actors.Jobs;

namespace AiCd.Actors.Runtime.Pools;

/// <summary>The four pools of a node.</summary>
public sealed class StagePools : IDisposable
{
    private readonly StagePool[] _pools;

    public StagePools(StagesOptions options, ProviderCircuits circuits, TimeProvider time, Action<JobId, StageSlot> grant) =>
        _pools = [.. Enum.GetValues<Stage>().Select(stage => new StagePool(stage, options[stage], circuits, time, grant))];

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

    public void Dispose()
    {
        foreach (var pool in _pools)
        {
            pool.Dispose();
        }
    }
}
