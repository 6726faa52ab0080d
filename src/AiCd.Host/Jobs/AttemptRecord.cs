using AiCd.Actors.Jobs;

namespace AiCd.Host.Jobs;

/// <summary>One attempt of a stage as the journal tells of it.</summary>
/// <param name="Number">From 1 within its entry into the stage.</param>
/// <param name="Outcome"><c>running</c>, <c>succeeded</c>, <c>rejected</c>, <c>failed</c>, <c>interrupted</c> or <c>cancelled</c>.</param>
internal sealed record AttemptRecord(
    Stage Stage, int Round, int Number, string AttemptId, DateTime StartedAt, DateTime? EndedAt, string Outcome, string? Message)
{
    public const string Running = "running";

    public AttemptRecord End(DateTimeOffset at, string outcome, string? message) =>
        this with { EndedAt = at.UtcDateTime, Outcome = outcome, Message = message };
}
