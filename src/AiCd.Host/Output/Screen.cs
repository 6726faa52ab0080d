using Spectre.Console;

namespace AiCd.Host.Output;

/// <summary>Where commands write to. While a live display runs, notes go above it instead of through it.</summary>
internal sealed class Screen
{
    private readonly Lock _gate = new();
    private Action<string>? _above;

    /// <summary>Standard output as a terminal; plain text where it is none, or where NO_COLOR asks for it.</summary>
    public IAnsiConsole Terminal { get; } = AnsiConsole.Create(new AnsiConsoleSettings());

    /// <summary>True where somebody looks at standard output and it can be drawn upon.</summary>
    public bool IsLive => !Console.IsOutputRedirected && Terminal.Profile.Capabilities.Ansi;

    /// <summary>True where standard output is a terminal that shows colours and NO_COLOR does not forbid them.</summary>
    public bool HasColours => IsLive && Terminal.Profile.Capabilities.ColorSystem != ColorSystem.NoColors;

    /// <summary>A line on standard output. The caller has made untrusted text safe.</summary>
    public static void Line(string text) => Console.Out.WriteLine(text);

    /// <summary>A line for people on standard error.</summary>
    public void Note(string text)
    {
        lock (_gate)
        {
            if (_above is { } above && !Console.IsErrorRedirected)
            {
                above(text);
            }
            else
            {
                Console.Error.WriteLine(text);
            }
        }
    }

    /// <summary>Takes notes over until the result is disposed.</summary>
    public IDisposable TakeNotes(Action<string> above)
    {
        lock (_gate)
        {
            _above = above;
        }

        return new Release(this);
    }

    private sealed class Release(Screen screen) : IDisposable
    {
        public void Dispose()
        {
            lock (screen._gate)
            {
                screen._above = null;
            }
        }
    }
}
