using AiCd.Actors.Jobs.Payloads;
using AiCd.Forge.Git;

namespace AiCd.Forge.Worktrees;

/// <param name="Place">The worktree and its index.</param>
internal sealed record CommitRequest(GitPlace Place, StartingPoint Start, JobAttempt Owner, CodeResult Result);
