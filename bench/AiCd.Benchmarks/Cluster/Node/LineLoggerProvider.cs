using Microsoft.Extensions.Logging;

namespace AiCd.Benchmarks.Cluster.Node;

/// <summary>Makes lines of what the node logs.</summary>
internal sealed class LineLoggerProvider(LineWriter lines) : ILoggerProvider, ILogger
{
    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        var text = exception is null ? formatter(state, null) : $"{formatter(state, exception)} | {exception}";
        lines.Write(at => new NodeLine(NodeLineKinds.Log, at, EventId: eventId.Id, Level: logLevel.ToString(), Text: text));
    }

    public void Dispose()
    {
    }
}
