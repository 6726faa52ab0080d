using AiCd.Actors.Journal;

namespace AiCd.Actors.Runtime.Writing;

/// <summary>A batch that is durable, as projections are fed with it.</summary>
internal sealed record CommittedBatch(IReadOnlyList<ShardFence> Fences, IReadOnlyList<PendingAppend> Appends);
