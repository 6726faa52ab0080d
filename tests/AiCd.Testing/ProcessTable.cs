using System.Globalization;

namespace AiCd.Testing;

/// <summary>What /proc tells about processes.</summary>
internal static class ProcessTable
{
    /// <summary>Whether a signal has stopped the process.</summary>
    public static bool IsStopped(int processId) => Read(processId) is { State: 'T' };

    /// <summary>The ids of the process's children and of theirs, parents before children.</summary>
    public static IReadOnlyList<int> DescendantsOf(int processId)
    {
        var children = All().ToLookup(entry => entry.Parent, entry => entry.Id);
        var family = new List<int>(children[processId]);
        for (var next = 0; next < family.Count; next++)
        {
            family.AddRange(children[family[next]]);
        }

        return family;
    }

    /// <summary>Waits until none of these processes runs any more: a signal is only sent, not yet obeyed, when kill returns.</summary>
    public static Task WaitForEndAsync(IReadOnlyList<int> processIds, CancellationToken cancellationToken) =>
        Eventually.HoldsAsync(() => !processIds.Any(IsAlive), cancellationToken, $"Ended: {string.Join(", ", processIds)}");

    /// <summary>Whether the process is there and not merely waiting to be reaped.</summary>
    public static bool IsAlive(int processId) => Read(processId) is { State: not 'Z' };

    private static IEnumerable<Entry> All() =>
        Directory.EnumerateDirectories("/proc")
            .Select(folder => int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var id) ? Read(id) : null)
            .OfType<Entry>();

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
        return new Entry(processId, fields[0][0], int.Parse(fields[1], CultureInfo.InvariantCulture));
    }

    private sealed record Entry(int Id, char State, int Parent);
}
