using AiCd.Actors.Jobs;

namespace AiCd.Actors.Projections;

/// <summary>The read model of jobs: one row a job, and how far each shard has been projected.</summary>
public interface IJobViews
{
    /// <summary>
    /// Writes rows and advances the cursors in one transaction. A cursor moves by compare-and-set, so that a node which lost a
    /// shard without knowing cannot turn the read model back.
    /// </summary>
    /// <returns>The shards whose cursor stood elsewhere: nothing of those was written.</returns>
    Task<IReadOnlyList<int>> ProjectAsync(IReadOnlyList<ShardProjection> projections, CancellationToken cancellationToken);

    /// <returns>How far each of the shards has been projected; 0 for one that never was.</returns>
    Task<IReadOnlyDictionary<int, long>> ReadCursorsAsync(IReadOnlyCollection<int> shards, CancellationToken cancellationToken);

    Task<JobView?> FindAsync(string tenant, JobId job, CancellationToken cancellationToken);

    /// <summary>Jobs of the tenant, newest first.</summary>
    /// <param name="before">Only older ones than this job.</param>
    Task<IReadOnlyList<JobView>> ListAsync(string tenant, JobState? state, JobId? before, int limit, CancellationToken cancellationToken);

    /// <summary>How many jobs of the tenant stand in each state.</summary>
    Task<IReadOnlyDictionary<JobState, long>> CountAsync(string tenant, CancellationToken cancellationToken);
}

/// <param name="From">Where the cursor must stand.</param>
/// <param name="To">Where it stands afterwards.</param>
/// <param name="Jobs">The latest state of every job that changed in between, each once.</param>
/// <param name="FoundAsBefore">
/// Those of the jobs that were written before and are searched by the same words since: these need not be worked out again.
/// </param>
public sealed record ShardProjection(int Shard, long From, long To, IReadOnlyList<JobView> Jobs, IReadOnlySet<JobId>? FoundAsBefore = null)
{
    public bool IsFoundAnew(JobView job) => FoundAsBefore?.Contains(job.Id) is not true;
}
