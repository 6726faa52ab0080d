using AiCd.Actors.Jobs;

namespace AiCd.Actors.Runtime.Pools;

/// <summary>Why a job does not move at the moment.</summary>
/// <param name="Code">One of <see cref="WaitingCodes"/>.</param>
/// <param name="Position">Its place in the queue, from 1, where it waits in one.</param>
/// <param name="DueAt">When it may start at the earliest, where that is known.</param>
public sealed record WaitingReason(string Code, Stage Stage, int? Position, DateTimeOffset? DueAt);

public static class WaitingCodes
{
    /// <summary>As many attempts of the stage run as the pool allows.</summary>
    public const string PoolFull = "pool_full";

    /// <summary>The pool starts only so many attempts per second.</summary>
    public const string StartRate = "start_rate";

    public const string PoolPaused = "pool_paused";

    /// <summary>A retry or a delayed start that is not due yet.</summary>
    public const string NotDue = "not_due";

    /// <summary>The agent or the forge that it needs is down.</summary>
    public const string ProviderDown = "provider_down";

    /// <summary>A person has to approve the plan.</summary>
    public const string Approval = "approval";

    /// <summary>The budget has to be raised.</summary>
    public const string Budget = "budget";

    /// <summary>Its attempt is under way on a node that no longer owns the job; it is started anew only when that node is gone.</summary>
    public const string OtherNode = "other_node";
}
