using AiCd.Actors.Jobs;
using AiCd.Actors.Projections;

namespace AiCd.Actors.Journal.InMemory;

/// <summary>The tables. Whoever touches them holds <see cref="Gate"/>; rows are immutable and may be handed out.</summary>
internal sealed class InMemoryData(int shardCount, TimeProvider time)
{
    public TimeProvider Time { get; } = time;

    public Lock Gate { get; } = new();

    public InMemoryShard[] Shards { get; } = [.. Enumerable.Range(0, shardCount).Select(_ => new InMemoryShard())];

    public Dictionary<JobId, List<JournalRow>> Jobs { get; } = [];

    public Dictionary<ClaimKey, HeldClaim> Claims { get; } = [];

    /// <summary>The keys of the claims that a job may hold, so that its end need not look through everybody's.</summary>
    public Dictionary<JobId, List<ClaimKey>> KeysOf { get; } = [];

    public Dictionary<ArtifactKey, InMemoryArtifact> Artifacts { get; } = [];

    /// <summary>What each job names, until its retention is over.</summary>
    public Dictionary<JobId, HashSet<ArtifactKey>> References { get; } = [];

    public Dictionary<JobId, JobSnapshot> Snapshots { get; } = [];

    public SortedDictionary<JobId, JobView> Views { get; } = [];

    public Dictionary<string, InMemoryNode> Nodes { get; } = [];

    /// <summary>Names of nodes.</summary>
    public HashSet<string> Drained { get; } = [];

    /// <summary>In the order of arrival.</summary>
    public OrderedDictionary<Guid, InboxRow> Inbox { get; } = [];
}

internal sealed class InMemoryShard
{
    public string? Owner { get; set; }

    public long Epoch { get; set; }

    public long Head { get; set; }

    public long Cursor { get; set; }

    /// <summary>In the order of their positions, which have gaps where histories were pruned.</summary>
    public List<JournalRow> Rows { get; } = [];

    public SortedSet<JobId> Active { get; } = [];
}

internal readonly record struct ArtifactKey(string Tenant, string Sha256);

/// <param name="PutAt">Moves when content is put again: collection counts its grace from there.</param>
internal readonly record struct InMemoryArtifact(byte[] Content, DateTimeOffset PutAt);

internal readonly record struct ClaimKey(string Tenant, string Kind, string Key);

internal readonly record struct HeldClaim(JobId Job, bool Permanent);

/// <param name="Deadline">A timestamp of the clock, not a time of day: a lease does not run out because the machine slept.</param>
internal sealed record InMemoryNode(string Incarnation, string Name, bool TakesShards, DateTimeOffset StartedAt, long Deadline);
