using AiCd.Actors.Projections;

namespace AiCd.Actors.Journal;

/// <summary>A store engine: one schema, three engines (in memory, SQLite, PostgreSQL) behind the same contracts.</summary>
public interface IStore : IAsyncDisposable
{
    /// <summary>How many shards the store was made with; fixed for its life.</summary>
    int ShardCount { get; }

    IJournal Journal { get; }

    INodes Nodes { get; }

    IArtifacts Artifacts { get; }

    IJobViews Jobs { get; }
}
