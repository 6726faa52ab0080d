using System.Globalization;
using AiCd.Host.Output;
using Microsoft.Extensions.Logging;

namespace AiCd.Host.Logging;

/// <summary>Logs for people: one line an entry on standard error, without anything that could act on a terminal.</summary>
/// <param name="details">With time and the whole of an exception; otherwise its message alone.</param>
internal sealed class ScreenLoggerProvider(Screen screen, TimeProvider time, bool details) : ILoggerProvider
{
    public ILogger CreateLogger(string categoryName) => new ScreenLogger(screen, time, details);

    public void Dispose()
    {
    }

    private sealed class ScreenLogger(Screen screen, TimeProvider time, bool details) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var message = TerminalText.Line(formatter(state, exception), maxLength: 4_000);
            var prefix = details ? $"{time.GetUtcNow().UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture)} " : "";
            var cause = exception is null ? "" : details
                ? Environment.NewLine + TerminalText.Block(exception.ToString())
                : ": " + TerminalText.Line(exception.Message);
            screen.Note($"{prefix}{NameOf(logLevel)}: {message} [{eventId.Id}]{cause}");
        }

        private static string NameOf(LogLevel level) => level switch
        {
            LogLevel.Trace => "trace",
            LogLevel.Debug => "debug",
            LogLevel.Information => "info",
            LogLevel.Warning => "warning",
            LogLevel.Error => "error",
            _ => "critical",
        };
    }
}
