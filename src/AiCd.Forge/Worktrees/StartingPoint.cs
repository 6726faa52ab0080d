using AiCd.Forge.Repositories;

namespace AiCd.Forge.Worktrees;

/// <param name="BaseSha">What the attempt's commit will stand on.</param>
/// <param name="Commit">What the attempt's worktree shows first: the base, or what an earlier attempt made of it.</param>
internal sealed record StartingPoint(Mirror Mirror, string BaseSha, string Commit);
