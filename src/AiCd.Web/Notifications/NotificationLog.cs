using Microsoft.Extensions.Logging;

namespace AiCd.Web.Notifications;

internal static partial class NotificationLog
{
    [LoggerMessage(6100, LogLevel.Warning, "The journal could not be read for notifications; it goes on where it was")]
    public static partial void FeedFailed(ILogger logger, Exception error);

    [LoggerMessage(6101, LogLevel.Warning, "Notifications for the hook {Hook} could not be read or noted; it is tried again")]
    public static partial void SendingFailed(ILogger logger, Exception error, string hook);

    [LoggerMessage(6102, LogLevel.Warning, "Notification {Notification} was not taken in by the hook {Hook} (attempt {Attempt}): {Answer}; the next one follows in {Pause}")]
    public static partial void NotTaken(ILogger logger, string notification, string hook, int attempt, string answer, TimeSpan pause);

    [LoggerMessage(6103, LogLevel.Error, "Notification {Notification} for the hook {Hook} is given up after {Attempts} attempts: {Answer}")]
    public static partial void GivenUp(ILogger logger, string notification, string hook, int attempts, string answer);
}
