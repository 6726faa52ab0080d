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

/// <summary>Orders in which no job changes its place while pages are turned.</summary>
public enum JobSort
{
    Newest,
    Oldest,

    /// <summary>Of the jobs that have ended, the last one first.</summary>
    LastEnded,
}

/// <param name="After">The last job of the page before.</param>
public sealed record JobListQuery(JobFilter Filter, JobSort Sort, JobPlace? After, int Limit);

/// <summary>Where a page ended.</summary>
/// <param name="EndedAt">Only in the order of ends.</param>
public sealed record JobPlace(JobId Job, DateTimeOffset? EndedAt);

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
