using AiCd.Actors.Jobs;

namespace AiCd.Forge.Worktrees;

/// <summary>Who a workspace belongs to.</summary>
internal sealed record JobAttempt(JobId Job, string Attempt);
