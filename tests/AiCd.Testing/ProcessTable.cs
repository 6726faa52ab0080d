namespace AiCd.Testing;

/// <summary>What /proc tells about processes.</summary>
internal static class ProcessTable
{
    /// <summary>Whether a signal has stopped the process.</summary>
    public static bool IsStopped(int processId) => Read(processId) is { State: 'T' };

    /// <summary>The ids of the process's direct children.</summary>
    public static IReadOnlyList<int> ChildrenOf(int processId) =>
        [.. Directory.EnumerateDirectories("/proc")
            .Select(folder => int.TryParse(Path.GetFileName(folder), out var id) ? id : 0)
            .Where(id => id > 0 && Read(id) is { } entry && entry.Parent == processId)];

    /// <summary>Whether the process is there and not merely waiting to be reaped.</summary>
    public static bool IsAlive(int processId) => Read(processId) is { State: not 'Z' };

    private static Entry? Read(int processId)
    {
        string text;
        try
        {
            text = File.ReadAllText($"/proc/{processId}/stat");
        }
        catch (IOException)
        {
            // A process may end between being listed and being read.
            return null;
        }

        // "id (name) state parent ...": the name may hold blanks and parentheses itself.
        var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
        return new Entry(fields[0][0], int.Parse(fields[1], System.Globalization.CultureInfo.InvariantCulture));
    }

    private sealed record Entry(char State, int Parent);
}
