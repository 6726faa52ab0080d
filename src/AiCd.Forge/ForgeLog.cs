using Microsoft.Extensions.Logging;

namespace AiCd.Forge;

/// <summary>Every line that this part writes to the log; event ids 3000 to 3999.</summary>
internal static partial class ForgeLog
{
    [LoggerMessage(3000, LogLevel.Debug, "{Command} ended with exit code {ExitCode} after {Milliseconds:F0} ms")]
    public static partial void GitRan(this ILogger logger, string command, int exitCode, double milliseconds);

    [LoggerMessage(3001, LogLevel.Warning, "A killed git process had left {File}; deleted")]
    public static partial void StaleLockDeleted(this ILogger logger, string file);

    [LoggerMessage(3002, LogLevel.Warning, "The worktree {Folder} could not be deleted; it is tried again when the job is removed")]
    public static partial void WorktreeNotDeleted(this ILogger logger, string folder, Exception exception);

    [LoggerMessage(3003, LogLevel.Debug, "Not all objects of {Repository} could be linked into its mirror; the rest is fetched")]
    public static partial void MirrorNotSeeded(this ILogger logger, string repository, Exception exception);
}
