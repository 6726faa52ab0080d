using AiCd.Actors.Jobs;
using AiCd.Actors.Journal;
using AiCd.Actors.Runtime.Cluster;

namespace AiCd.Actors.Runtime;

/// <summary>A node that drives single jobs in a shared store takes no share of the shards: at most the one of the job in its charge, where nobody else does.</summary>
internal sealed partial class NodeIncarnation
{
    private volatile Charge? _charge;

    /// <summary>
    /// Before a job is made on a node that drives single jobs: takes a shard for it where no other node lives to drive it, if
    /// possible one where no other job waits.
    /// </summary>
    public async Task MakeRoomAsync(CancellationToken cancellationToken)
    {
        if (_keeper is null || _recover || _ledger.Owned().Count > 0)
        {
            return;
        }

        await _keeper.RefreshAsync(cancellationToken);
        if (Balance.OtherTakers(_keeper.View, _lease.Incarnation) == 0)
        {
            var free = Balance.FreeShards(_keeper.View, _lease.Incarnation).OrderBy(shard => shard.Head).Select(shard => shard.Shard);
            _charge = await ChooseShardAsync([.. free], cancellationToken) is { } shard ? new Charge(shard, Job: null) : null;
            await _keeper.BalanceAsync(cancellationToken);
        }
    }

    /// <summary>From now on a node that drives single jobs looks after this one: it takes its shard when nobody else does.</summary>
    public void LookAfter(JobId job)
    {
        if (_keeper is not null && !_recover)
        {
            _charge = new Charge(job.Shard, job);
            _keeper.BalanceNow();
        }
    }

    private Balance BalanceOf(ClusterView view, IReadOnlyCollection<int> held) => _recover
        ? Balance.Of(view, _lease.Incarnation, held)
        : Balance.OfOne(view, _lease.Incarnation, held, _charge?.Shard);

    /// <returns>One without jobs that would wait meanwhile, if there is one.</returns>
    private async Task<int?> ChooseShardAsync(IReadOnlyList<int> free, CancellationToken cancellationToken)
    {
        foreach (var shard in free)
        {
            await using var active = _store.Journal.ReadActiveAsync([shard], cancellationToken).GetAsyncEnumerator(cancellationToken);
            if (!await active.MoveNextAsync())
            {
                return shard;
            }
        }

        return free.Count > 0 ? free[0] : null;
    }

    /// <param name="Shard">Taken where no other node lives to take it.</param>
    /// <param name="Job">Whom it is taken for; null while it is not made yet.</param>
    private sealed record Charge(int Shard, JobId? Job);
}
