using AiCd.Actors.Jobs;
using AiCd.Actors.Journal;

namespace AiCd.Actors.Projections;

/// <summary>
/// What people may ask of jobs. All but the last belongs to one tenant, and an engine that can keep others' rows from the reader
/// itself (row-level security) does so beneath the condition that names the tenant.
/// </summary>
public interface IJobQueries
{
    /// <summary>A page of the jobs that match, in the order that is asked for.</summary>
    Task<IReadOnlyList<JobView>> ListAsync(string tenant, JobListQuery query, CancellationToken cancellationToken);

    /// <returns>How many jobs match, counted up to <paramref name="limit"/>.</returns>
    Task<long> CountAsync(string tenant, JobFilter filter, int limit, CancellationToken cancellationToken);

    Task<JobView?> FindAsync(string tenant, JobId job, CancellationToken cancellationToken);

    /// <param name="since">From when on ends, submissions, durations and cost are counted.</param>
    Task<JobStats> StatsAsync(string tenant, DateTimeOffset since, CancellationToken cancellationToken);

    /// <returns>What the jobs cost that ended since, in millionths of a US dollar.</returns>
    Task<long> CostAsync(string tenant, DateTimeOffset since, CancellationToken cancellationToken);

    /// <summary>The job's events after the given number, in order.</summary>
    Task<IReadOnlyList<JournalRow>> EventsAsync(string tenant, JobId job, int afterSeq, int limit, CancellationToken cancellationToken);

    Task<byte[]?> FindArtifactAsync(string tenant, string sha256, CancellationToken cancellationToken);

    /// <summary>
    /// What all shards took in after the given positions, each shard's in order and at most so many of each: for the node that carries
    /// streams on, which alone tells tenants apart.
    /// </summary>
    Task<IReadOnlyList<JournalRow>> TailAsync(IReadOnlyDictionary<int, long> after, int limitPerShard, CancellationToken cancellationToken);
}

/// <summary>All conditions hold at once; null or empty for one that is not asked for.</summary>
/// <param name="Words">In lower case; each begins a word of the title, the repository, the branch or the id.</param>
/// <param name="Hold"><c>approval</c> or <c>budget</c>.</param>
/// <param name="From">Submitted then or later.</param>
/// <param name="To">Submitted before then.</param>
public sealed record JobFilter(
    IReadOnlyList<JobState>? States = null,
    string? Repository = null,
    string? Label = null,
    IReadOnlyList<string>? Words = null,
    string? Hold = null,
    DateTimeOffset? From = null,
    DateTimeOffset? To = null)
{
    public static JobFilter All { get; } = new();
}

/// <summary>
/// Orders of lists. Pages have every job once, but where a job changes its place while they are turned: by its priority, or by moving on.
/// </summary>
public enum JobSort
{
    Newest,
    Oldest,

    /// <summary>Of the jobs that have ended, the last one first.</summary>
    LastEnded,

    /// <summary>Of the same priority, the newest first.</summary>
    HighestPriority,

    /// <summary>Of the same priority, the oldest first.</summary>
    LowestPriority,

    /// <summary>By <see cref="JobView.MovedAt"/>.</summary>
    LastMoved,

    /// <inheritdoc cref="LastMoved"/>
    FirstMoved,
}

/// <param name="After">The last job of the page before.</param>
public sealed record JobListQuery(JobFilter Filter, JobSort Sort, JobPlace? After, int Limit);

/// <summary>Where a page ended.</summary>
/// <param name="At">When that job ended or moved on, in the orders of these.</param>
/// <param name="Priority">Of that job, in the orders of priorities.</param>
public sealed record JobPlace(JobId Job, DateTimeOffset? At = null, int? Priority = null)
{
    public static JobPlace Of(JobView last, JobSort sort) => sort switch
    {
        JobSort.LastEnded => new JobPlace(last.Id, last.EndedAt),
        JobSort.LastMoved or JobSort.FirstMoved => new JobPlace(last.Id, last.MovedAt),
        JobSort.HighestPriority or JobSort.LowestPriority => new JobPlace(last.Id, Priority: last.Priority),
        _ => new JobPlace(last.Id),
    };
}

/// <param name="ByHold">How many jobs wait for a person, by what they wait for.</param>
/// <param name="CostMicros">Of the jobs that ended since, in millionths of a US dollar.</param>
public sealed record JobStats(
    IReadOnlyDictionary<JobState, long> ByState,
    IReadOnlyDictionary<string, long> ByHold,
    long Submitted,
    IReadOnlyDictionary<JobState, long> Ended,
    IReadOnlyList<StageDuration> Durations,
    long CostMicros);

/// <summary>How long a stage's work took in the jobs that ended, in milliseconds.</summary>
public sealed record StageDuration(Stage Stage, long Jobs, double? P50, double? P95);
