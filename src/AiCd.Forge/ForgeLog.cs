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

    [LoggerMessage(3100, LogLevel.Debug, "GitHub answered {Request} with {Status} after {Milliseconds:F0} ms")]
    public static partial void GitHubAnswered(this ILogger logger, string request, int status, double milliseconds);

    [LoggerMessage(3101, LogLevel.Warning, "GitHub's limits were reached by {Request}: nothing is asked for {Seconds:F0} s")]
    public static partial void GitHubLimited(this ILogger logger, string request, double seconds);

    [LoggerMessage(3102, LogLevel.Warning, "The status of job {Job} could not be shown on {Issue}; it is tried again")]
    public static partial void StatusNotShown(this ILogger logger, string job, string issue, Exception exception);

    [LoggerMessage(3103, LogLevel.Warning, "Issues could not be looked for on GitHub; it is tried again in {Interval}")]
    public static partial void PollFailed(this ILogger logger, TimeSpan interval, Exception exception);

    [LoggerMessage(3104, LogLevel.Information, "Issue {Issue} made job {Job}")]
    public static partial void IssueSubmitted(this ILogger logger, string issue, string job);

    [LoggerMessage(3105, LogLevel.Warning, "Issue {Issue} makes no job: {Reason}")]
    public static partial void IssueRefused(this ILogger logger, string issue, string reason);

    [LoggerMessage(3106, LogLevel.Information, "GitHub is asked to deliver {Event} {Delivery} again")]
    public static partial void DeliveryMissed(this ILogger logger, string @event, string delivery);

    [LoggerMessage(3107, LogLevel.Information, "{Repository} was forked to {Fork}")]
    public static partial void Forked(this ILogger logger, string repository, string fork);

    [LoggerMessage(3108, LogLevel.Warning, "A second status comment of {Issue} was deleted")]
    public static partial void DoubleDeleted(this ILogger logger, string issue);

    [LoggerMessage(3109, LogLevel.Warning, "GitHub could not be asked about {What}; it is tried again")]
    public static partial void NotPolled(this ILogger logger, string what, Exception exception);

    [LoggerMessage(3110, LogLevel.Warning, "Issue {Issue} was changed by {Who} without write permission: its job goes on with the words that it was given")]
    public static partial void EditIgnored(this ILogger logger, string issue, string who);

    [LoggerMessage(3111, LogLevel.Warning, "What was said of the pull request of job {Job} is not answered yet: {Reason}")]
    public static partial void RemarksNotAnswered(this ILogger logger, string job, string reason);
}
