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

    [LoggerMessage(5005, LogLevel.Warning, "What job {Job} left in the data folder could not be removed")]
    public static partial void NotTidied(ILogger logger, Exception error, string job);

    [LoggerMessage(5006, LogLevel.Information, "The dashboard opens, once and within 15 minutes, at {Link}")]
    public static partial void SignInLink(ILogger logger, string link);
}
