namespace AiCd.Actors.Journal;

/// <summary>
/// Turns at something outside that bears only so many requests, shared by all nodes of the store and judged by its clock. A turn
/// that its taker never uses is merely lost.
/// </summary>
public interface IPacing
{
    /// <summary>Takes the next turn, unless it comes later than the patience lasts: then nothing is taken.</summary>
    Task<PaceTurn> TakeAsync(string key, PaceRule rule, TimeSpan patience, CancellationToken cancellationToken);

    /// <summary>Lets nobody have a turn for so long; a hold that lasts longer already stays.</summary>
    Task HoldAsync(string key, TimeSpan duration, CancellationToken cancellationToken);

    /// <returns>How long the hold still lasts; zero where there is none. A turn that was taken before a hold has to ask again.</returns>
    Task<TimeSpan> HeldForAsync(string key, CancellationToken cancellationToken);
}

/// <param name="Spacing">Between this turn and the next of any kind.</param>
/// <param name="Cost">What the turn takes of the budget; zero for one that takes nothing.</param>
/// <param name="Burst">
/// How far the budget may be overdrawn. In any span of time no more than (Burst + span) / Cost + 1 turns are given.
/// </param>
public sealed record PaceRule(TimeSpan Spacing, TimeSpan Cost, TimeSpan Burst);

/// <param name="Wait">Until the turn comes, or would have come.</param>
public readonly record struct PaceTurn(bool Taken, TimeSpan Wait);
