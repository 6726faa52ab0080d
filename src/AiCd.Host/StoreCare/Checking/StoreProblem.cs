using AiCd.Actors.Jobs;

namespace AiCd.Host.StoreCare.Checking;

/// <summary>Something in a store that is not as it must be.</summary>
/// <param name="Code">Stable and lower case, for programs.</param>
/// <param name="Job">Null where it is about no job.</param>
/// <param name="Seq">Number of the event in the job.</param>
/// <param name="Position">In the shard.</param>
internal sealed record StoreProblem(string Code, string Message, JobId? Job = null, int? Seq = null, int? Shard = null, long? Position = null);

/// <param name="Lag">Events that the read model has not taken in yet.</param>
/// <param name="Unreferenced">Artifacts that no job holds; collection removes them.</param>
/// <param name="Gaps">Positions without an event, as histories that were pruned leave them.</param>
internal sealed record StoreReport(
    string Store, long Events, int Jobs, int ActiveJobs, long Artifacts, long Unreferenced, long Gaps, long Lag, IReadOnlyList<StoreProblem> Problems);
