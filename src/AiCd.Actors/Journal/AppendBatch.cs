using AiCd.Actors.Jobs;

namespace AiCd.Actors.Journal;

/// <summary>What one transaction appends.</summary>
/// <param name="Incarnation">Of the node that writes; owner of every shard in the batch.</param>
/// <param name="Fences">One for each shard of the entries, in ascending order of shards: the order in which they are locked.</param>
public sealed record AppendBatch(string Incarnation, IReadOnlyList<ShardFence> Fences, IReadOnlyList<AppendEntry> Entries);

/// <summary>The compare-and-set that keeps out everyone but the owner.</summary>
/// <param name="Head">The shard's head before the batch.</param>
/// <param name="Count">How many events the batch adds to the shard.</param>
public readonly record struct ShardFence(int Shard, long Epoch, long Head, int Count);

/// <summary>The events that one decision adds to one job, and what goes with them.</summary>
/// <param name="FirstSeq">Number of the first event in the job.</param>
/// <param name="FirstShardSeq">Position of the first event in the shard; the others follow it.</param>
public sealed record AppendEntry(JobId Job, string Tenant, int FirstSeq, long FirstShardSeq, IReadOnlyList<EventData> Events)
{
    public Activity Activity { get; init; }

    /// <summary>Claims that the job makes; the whole entry is refused when one of them is held by another job.</summary>
    public IReadOnlyList<Claim> Claims { get; init; } = [];

    /// <summary>
    /// The inbox command that the events answer; the entry is refused when it was handled already, so that no command is applied twice.
    /// </summary>
    public HandledCommand? Handled { get; init; }

    /// <summary>Hashes of all content that the events name, wherever it was put: the job holds it until its retention is over.</summary>
    public IReadOnlyList<string> References { get; init; } = [];

    /// <summary>Content that the events name; one that is there already is left as it is.</summary>
    public IReadOnlyList<ArtifactContent> Artifacts { get; init; } = [];
}

public readonly record struct EventData(string Event, ReadOnlyMemory<byte> Payload, DateTimeOffset RecordedAt);

/// <summary>Whether the job enters or leaves the set of jobs that recovery brings back.</summary>
public enum Activity
{
    Unchanged,
    Begins,

    /// <summary>Also releases the job's claims that are not <see cref="Claim.Permanent"/>.</summary>
    Ends,
}

/// <summary>A name that one job alone may hold: an idempotency key, an issue, a branch.</summary>
/// <param name="Permanent">True where the claim outlives the job's end, as an idempotency key does.</param>
public sealed record Claim(string Kind, string Key, bool Permanent);

/// <param name="Sha256">Of the content, in lower-case hex.</param>
public sealed record ArtifactContent(string Sha256, ReadOnlyMemory<byte> Content);
