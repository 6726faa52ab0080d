using Microsoft.Extensions.Logging;

namespace AiCd.Actors.Telemetry;

/// <summary>Every line that the runtime logs; ids 1000 to 1999.</summary>
internal static partial class RuntimeLog
{
    [LoggerMessage(1001, LogLevel.Information, "Node {Node} joined as incarnation {Incarnation}")]
    public static partial void NodeJoined(ILogger logger, string node, string incarnation);

    [LoggerMessage(1002, LogLevel.Information, "Took shards {Shards}: {Jobs} active jobs, {Quarantined} quarantined")]
    public static partial void ShardsTaken(ILogger logger, string shards, int jobs, int quarantined);

    [LoggerMessage(1003, LogLevel.Warning, "Lost shards {Shards}: their actors stop here")]
    public static partial void ShardsLost(ILogger logger, string shards);

    [LoggerMessage(1004, LogLevel.Error, "Incarnation {Incarnation} has lost its lease: all actors stop, the node joins anew")]
    public static partial void LeaseLost(ILogger logger, string incarnation);

    [LoggerMessage(1005, LogLevel.Warning, "The lease of {Incarnation} could not be renewed")]
    public static partial void RenewalFailed(ILogger logger, Exception error, string incarnation);

    [LoggerMessage(1006, LogLevel.Information, "Node {Node} stopped; {Left} running attempts were left owed")]
    public static partial void NodeStopped(ILogger logger, string node, int left);

    [LoggerMessage(1007, LogLevel.Warning, "Balancing the shards failed; the next round begins anew")]
    public static partial void BalanceFailed(ILogger logger, Exception error);

    [LoggerMessage(1008, LogLevel.Information, "Gave up shards {Shards}")]
    public static partial void ShardsReleased(ILogger logger, string shards);

    [LoggerMessage(1009, LogLevel.Debug, "A signal between nodes failed; polling goes on")]
    public static partial void SignalFailed(ILogger logger, Exception error);

    [LoggerMessage(1013, LogLevel.Warning, "A command of the inbox was not handled; it stays there")]
    public static partial void InboxFailed(ILogger logger, Exception error);

    [LoggerMessage(1014, LogLevel.Warning, "A new incarnation could not join (try {Failures})")]
    public static partial void JoinFailed(ILogger logger, Exception error, int failures);

    [LoggerMessage(1015, LogLevel.Warning, "A node could not say all it had to; the end of a lease will do it")]
    public static partial void FarewellFailed(ILogger logger, Exception error);

    [LoggerMessage(1016, LogLevel.Warning, "The pool settings could not be read; they are looked at again")]
    public static partial void PoolSettingsFailed(ILogger logger, Exception error);

    [LoggerMessage(1017, LogLevel.Warning, "Job {Job} could not be cancelled at its deadline; it is tried again")]
    public static partial void DeadlineFailed(ILogger logger, Exception error, string job);

    [LoggerMessage(1018, LogLevel.Warning, "Attempts for jobs of other nodes could not be looked after; they are looked at again")]
    public static partial void StrayAttemptsFailed(ILogger logger, Exception error);

    [LoggerMessage(1043, LogLevel.Warning, "What an attempt says could not be passed on to other nodes; its transcript will have it")]
    public static partial void NotesNotPassedOn(ILogger logger, Exception error);

    [LoggerMessage(1019, LogLevel.Warning, "The jobs of a lost node could not be taken up (try {Failures})")]
    public static partial void TakeUpFailed(ILogger logger, Exception error, int failures);

    [LoggerMessage(1022, LogLevel.Warning, "Snapshots of {Jobs} jobs were not kept; their replays begin earlier")]
    public static partial void SnapshotsFailed(ILogger logger, Exception error, int jobs);

    [LoggerMessage(1010, LogLevel.Warning, "Append of {Entries} entries failed (try {Failures})")]
    public static partial void AppendFailed(ILogger logger, Exception error, int failures, int entries);

    [LoggerMessage(1011, LogLevel.Warning, "The outcome of a commit of {Entries} entries is unknown; settling it")]
    public static partial void CommitUnknown(ILogger logger, Exception error, int entries);

    [LoggerMessage(1012, LogLevel.Warning, "The projection failed (try {Failures})")]
    public static partial void ProjectionFailed(ILogger logger, Exception error, int failures);

    [LoggerMessage(1040, LogLevel.Information, "Retention: {Released} jobs let go of their artifacts, {Collected} artifacts and {Pruned} histories were removed")]
    public static partial void Retained(ILogger logger, int released, int collected, int pruned);

    [LoggerMessage(1041, LogLevel.Warning, "Retention stopped half way; the next pass goes on")]
    public static partial void RetentionFailed(ILogger logger, Exception error);

    [LoggerMessage(1042, LogLevel.Warning, "What job {Job} left on this machine could not be removed")]
    public static partial void WorkspaceLeft(ILogger logger, Exception error, string job);

    [LoggerMessage(1020, LogLevel.Error, "Job {Job} is quarantined: {Reason}")]
    public static partial void JobQuarantined(ILogger logger, string job, string reason);

    [LoggerMessage(1021, LogLevel.Error, "The actor of job {Job} failed and restarts from the journal")]
    public static partial void ActorFailed(ILogger logger, Exception error, string job);

    [LoggerMessage(1030, LogLevel.Warning, "Attempt {Attempt} of job {Job} in {Stage} failed ({Kind}, {Code}): {Directive}")]
    public static partial void AttemptFailed(ILogger logger, Exception error, string attempt, string job, string stage, string kind, string code, string directive);

    [LoggerMessage(1031, LogLevel.Information, "The result of attempt {Attempt} of job {Job} was refused: {Reason}")]
    public static partial void ResultRefused(ILogger logger, string attempt, string job, string reason);

    [LoggerMessage(1033, LogLevel.Warning, "Whether jobs that wait for money may go on could not be looked at")]
    public static partial void BudgetsNotChecked(ILogger logger, Exception error);

    [LoggerMessage(1032, LogLevel.Warning, "The result of attempt {Attempt} of job {Job} could not be delivered (try {Failures})")]
    public static partial void DeliveryFailed(ILogger logger, Exception error, string attempt, string job, int failures);
}
