using AiCd.Actors.Jobs;

namespace AiCd.Actors.Journal;

/// <summary>What became of a batch; in every case but <see cref="Committed"/> nothing of it was written.</summary>
public abstract record AppendResult
{
    private AppendResult()
    {
    }

    public sealed record Committed : AppendResult
    {
        public static Committed Instance { get; } = new();
    }

    /// <summary>These shards have another owner, epoch or head.</summary>
    public sealed record ShardsLost(IReadOnlyList<int> Shards) : AppendResult;

    /// <summary>The database refuses a row of the batch (a number or claim that is taken, a value it cannot hold). Which one is found by bisection.</summary>
    public sealed record RowRefused(string Reason, ClaimConflict? Claim) : AppendResult;
}

/// <param name="Holder">The job that holds the claim, where the engine knows it.</param>
public sealed record ClaimConflict(string Kind, string Key, JobId? Holder);
