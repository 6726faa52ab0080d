using AiCd.Actors.Projections;

namespace AiCd.Actors.Journal;

/// <summary>A store engine: one schema, three engines (in memory, SQLite, PostgreSQL) behind the same contracts.</summary>
public interface IStore : IAsyncDisposable
{
    /// <summary>How many shards the store was made with; fixed for its life.</summary>
    int ShardCount { get; }

    /// <summary>True where other processes may write too: then leases must be renewed and shards balanced.</summary>
    bool IsShared { get; }

    IJournal Journal { get; }

    INodes Nodes { get; }

    IInbox Inbox { get; }

    IPoolSettings PoolSettings { get; }

    IPacing Pacing { get; }

    ILedger Ledger { get; }

    /// <summary>An engine need not keep any.</summary>
    ISnapshots Snapshots => NoSnapshots.Instance;

    IArtifacts Artifacts { get; }

    /// <summary>An engine need not pass any on.</summary>
    ILiveNotes Notes => NoLiveNotes.Instance;

    IJobViews Jobs { get; }

    IRetention Retention { get; }

    /// <summary>What people ask of the jobs of one tenant.</summary>
    IJobQueries Queries { get; }
}
