using Microsoft.Extensions.Logging;

namespace AiCd.Web;

internal static partial class WebLog
{
    [LoggerMessage(6000, LogLevel.Error, "{Method} {Route} failed")]
    public static partial void Unexpected(ILogger logger, Exception error, string method, string route);

    [LoggerMessage(6001, LogLevel.Warning, "{Method} {Route} could not be answered")]
    public static partial void Unavailable(ILogger logger, Exception error, string method, string route);

    [LoggerMessage(6002, LogLevel.Warning, "The use of a key could not be noted")]
    public static partial void KeyUseNotNoted(ILogger logger, Exception error);

    [LoggerMessage(6003, LogLevel.Warning, "Events could not be read for the streams (failure {Failures}); they go on when the store does")]
    public static partial void TailFailed(ILogger logger, Exception error, int failures);

    [LoggerMessage(6004, LogLevel.Information, "Delivery {Delivery} ({Event}): {Outcome}")]
    public static partial void DeliveryApplied(ILogger logger, string delivery, string @event, string outcome);

    [LoggerMessage(6005, LogLevel.Warning, "Delivery {Delivery} ({Event}) could not be applied (attempt {Attempt}); it is tried again")]
    public static partial void DeliveryFailed(ILogger logger, Exception error, string delivery, string @event, int attempt);

    [LoggerMessage(6006, LogLevel.Warning, "Deliveries could not be read")]
    public static partial void DeliveriesFailed(ILogger logger, Exception error);

    [LoggerMessage(6007, LogLevel.Error, "A page could not be shown")]
    public static partial void PageFailed(ILogger logger, Exception error);

    [LoggerMessage(6008, LogLevel.Warning, "Pages could not be told of changes; it is tried again")]
    public static partial void PulseFailed(ILogger logger, Exception error);

    [LoggerMessage(6009, LogLevel.Warning, "What attempts at other nodes say could not be read; it is tried again")]
    public static partial void NotesNotRead(ILogger logger, Exception error);

    [LoggerMessage(6010, LogLevel.Warning, "Whether the key of an open page is still valid could not be asked")]
    public static partial void KeyNotChecked(ILogger logger, Exception error);
}
