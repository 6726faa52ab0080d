using AiCd.Actors.Jobs;

namespace AiCd.Actors.Journal;

/// <summary>
/// States of unfinished jobs with long histories. They stand beside the journal, which alone is the truth: replay may begin at one, and
/// can do without.
/// </summary>
public interface ISnapshots
{
    /// <summary>Keeps the snapshots, each job's once; one that is older than what is there under the same schema is left out.</summary>
    Task WriteAsync(IReadOnlyCollection<JobSnapshot> snapshots, CancellationToken cancellationToken);

    Task RemoveAsync(IReadOnlyCollection<JobId> jobs, CancellationToken cancellationToken);

    /// <returns>Those of the jobs that were written under the schema; what is of another one is as if it were not there.</returns>
    Task<IReadOnlyList<JobSnapshot>> FindAsync(IReadOnlyCollection<JobId> jobs, int schema, CancellationToken cancellationToken);

    /// <returns>Those of the active jobs of the shards that were written under the schema.</returns>
    Task<IReadOnlyList<JobSnapshot>> FindActiveAsync(IReadOnlyCollection<int> shards, int schema, CancellationToken cancellationToken);
}

/// <param name="Seq">Number of the last event that is in the state.</param>
/// <param name="Schema">What the state was written by; see <see cref="SnapshotCodec.Schema"/>.</param>
/// <param name="State">UTF-8 JSON.</param>
public sealed record JobSnapshot(JobId Job, int Seq, int Schema, ReadOnlyMemory<byte> State);

/// <summary>For an engine that keeps none: every replay begins at the first event.</summary>
public sealed class NoSnapshots : ISnapshots
{
    public static NoSnapshots Instance { get; } = new();

    public Task WriteAsync(IReadOnlyCollection<JobSnapshot> snapshots, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task RemoveAsync(IReadOnlyCollection<JobId> jobs, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<IReadOnlyList<JobSnapshot>> FindAsync(IReadOnlyCollection<JobId> jobs, int schema, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<JobSnapshot>>([]);

    public Task<IReadOnlyList<JobSnapshot>> FindActiveAsync(IReadOnlyCollection<int> shards, int schema, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<JobSnapshot>>([]);
}
