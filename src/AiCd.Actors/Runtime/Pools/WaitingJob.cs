using AiCd.Actors.Jobs;

namespace AiCd.Actors.Runtime.Pools;

/// <summary>A job that waits for a place in a pool: all that is kept of it in memory while it waits.</summary>
/// <param name="Priority">Higher runs first within the tenant.</param>
/// <param name="DueAt">Not before then; null for at once.</param>
/// <param name="Provider">The agent or forge that the work needs; while its circuit is open the job is held.</param>
public sealed record WaitingJob(JobId Job, string Tenant, int Priority, DateTimeOffset? DueAt, string Provider);
