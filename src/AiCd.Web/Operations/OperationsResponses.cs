using System.ComponentModel;
using AiCd.Actors.Jobs;

namespace AiCd.Web.Operations;

/// <summary>The figures of a tenant.</summary>
public sealed record StatsResponse(
    IReadOnlyDictionary<string, long> ByState,
    [property: Description("What jobs wait for, by code. Places in pools are known of this node's jobs, up to 500 of them.")] IReadOnlyDictionary<string, long> Waiting,
    [property: Description("From when on the figures below count.")] DateTimeOffset Since,
    long Submitted,
    IReadOnlyDictionary<string, long> Ended,
    double EndedPerHour,
    IReadOnlyList<StageFigures> Stages,
    [property: Description("Of the jobs that ended, in US dollars.")] decimal Cost);

/// <summary>How long a stage's work took in the jobs that ended.</summary>
public sealed record StageFigures(Stage Stage, long Jobs, double? P50Milliseconds, double? P95Milliseconds);

/// <summary>A pool of this node.</summary>
public sealed record PoolDetails(Stage Stage, int Concurrency, double StartsPerSecond, bool Paused, int Running, int Waiting, int Delayed, int Held);

public sealed record PoolList(string Node, IReadOnlyList<PoolDetails> Items);

/// <summary>What a pool is to be on every node, now and after restarts; what is left out stays.</summary>
public sealed record PoolRequest(int? Concurrency = null, double? StartsPerSecond = null, bool? Paused = null);

/// <summary>The cluster as the store sees it.</summary>
public sealed record ClusterResponse(
    string Self,
    bool Shared,
    IReadOnlyList<NodeDetails> Nodes,
    IReadOnlyList<ShardDetails> Shards,
    [property: Description("Events that are committed and not in the read models yet.")] long Lag);

public sealed record NodeDetails(
    string Incarnation,
    string Name,
    bool DrivesJobs,
    DateTimeOffset StartedAt,
    double? LeaseSeconds,
    bool Alive,
    int Shards,
    [property: Description("True where an operator wants the node without shards.")] bool Drained = false);

public sealed record ShardDetails(int Shard, string? Owner, long Epoch, long Head, long Projected);

/// <summary>The actors of this node: those with the fullest mailboxes first, and of those the oldest.</summary>
public sealed record ActorList(string Node, [property: Description("How many live there, also where fewer are shown.")] int Total, IReadOnlyList<ActorDetails> Items);

public sealed record ActorDetails(
    string JobId,
    [property: Description("Messages that wait.")] int Mailbox,
    [property: Description("Since the actor came into memory.")] double AgeSeconds,
    [property: Description("Since it began with its last message.")] double IdleSeconds);

public sealed record VersionResponse(string Version, string Runtime);
