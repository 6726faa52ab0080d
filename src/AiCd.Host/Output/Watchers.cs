namespace AiCd.Host.Output;

internal static class Watchers
{
    /// <summary>JSON lines where a program asked for them, a live table where somebody looks on, plain lines otherwise.</summary>
    public static IJobWatcher For(Screen screen, TimeProvider time, bool json) => json
        ? new JsonLines()
        : screen.IsLive ? new LiveBoard(screen, time) : new PlainLines(time);
}
