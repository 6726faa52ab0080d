namespace AiCd.Actors.Jobs;

/// <summary>What a cancelled job still owes: to close the pull request that it opened, or that a zombie may still open in its name.</summary>
internal static class CleanUp
{
    /// <summary>Longer than any effect may take (the longest timeout that can be set): what was under way when the job was cancelled can be seen by then.</summary>
    public static readonly TimeSpan Delay = TimeSpan.FromSeconds(15);

    public static bool IsOwed(Job job) => job.State == JobState.Cancelled
        && job.Effects.Any(effect => effect.Kind == Effects.PullRequest)
        && !job.Effects.Any(effect => effect is { Kind: Effects.ClosePullRequest, Outcome: not null });
}
