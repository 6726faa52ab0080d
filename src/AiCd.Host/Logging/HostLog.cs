using Microsoft.Extensions.Logging;

namespace AiCd.Host.Logging;

/// <summary>Every line that the host logs; ids 5000 to 5999.</summary>
internal static partial class HostLog
{
    [LoggerMessage(5001, LogLevel.Information, "Listening on {Url}; data folder {DataFolder}")]
    public static partial void Listening(ILogger logger, string url, string dataFolder);

    [LoggerMessage(5002, LogLevel.Information, "Stopping: running stages have {Grace} to finish")]
    public static partial void Stopping(ILogger logger, TimeSpan grace);

    [LoggerMessage(5003, LogLevel.Warning, "{File} could not be removed")]
    public static partial void ServerFileLeft(ILogger logger, Exception error, string file);

    [LoggerMessage(5004, LogLevel.Debug, "The reader of job {Job} fell behind and reads on from the journal after event {Seq}")]
    public static partial void ReaderFellBehind(ILogger logger, string job, int seq);

    [LoggerMessage(5005, LogLevel.Warning, "Not all could be removed that is kept no longer; the next job tries again")]
    public static partial void HousekeepingFailed(ILogger logger, Exception error);

    [LoggerMessage(5006, LogLevel.Debug, "There is more to remove than there is time for; the next job goes on")]
    public static partial void HousekeepingCutShort(ILogger logger);

    [LoggerMessage(5007, LogLevel.Warning, "The journal cannot be read at the moment; it is tried again")]
    public static partial void JournalAway(ILogger logger, Exception error);

    [LoggerMessage(5008, LogLevel.Information, "Traces and metrics go to {Endpoint} ({Protocol})")]
    public static partial void Exporting(ILogger logger, string endpoint, string protocol);

    [LoggerMessage(5009, LogLevel.Information, "The dashboard opens, once and within 15 minutes, at {Link}")]
    public static partial void SignInLink(ILogger logger, string link);

    [LoggerMessage(5020, LogLevel.Warning, "The end of job {Job} could not be shown on its issue")]
    public static partial void StatusNotShown(ILogger logger, Exception error, string job);
}
