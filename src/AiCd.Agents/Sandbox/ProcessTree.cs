using System.Globalization;

namespace AiCd.Agents.Sandbox;

/// <summary>What a process and all that came of it use, from /proc.</summary>
/// <param name="Memory">Private and resident, in bytes.</param>
/// <param name="Processor">Time of the living, and of those that ended and were waited for.</param>
internal sealed record ProcessTree(int Processes, long Memory, TimeSpan Processor)
{
    // Linux shows these to programs in hundredths of a second on every architecture.
    private const int TicksPerSecond = 100;

    public static ProcessTree Read(int root)
    {
        var all = Directory.EnumerateDirectories("/proc")
            .Select(folder => int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? Stat(id) : null)
            .OfType<Entry>()
            .ToList();
        var children = all.ToLookup(entry => entry.Parent);
        var family = all.Where(entry => entry.Id == root).ToList();
        for (var next = 0; next < family.Count; next++)
        {
            family.AddRange(children[family[next].Id]);
        }

        return new ProcessTree(
            family.Count, family.Sum(entry => entry.Private), TimeSpan.FromSeconds(family.Sum(entry => entry.Ticks) / (double)TicksPerSecond));
    }

    /// <summary>Whether a process is the first one of a namespace of its own and still runs.</summary>
    public static bool IsRunningInit(int process)
    {
        var status = Lines($"/proc/{process}/status");
        var state = status.FirstOrDefault(line => line.StartsWith("State:", StringComparison.Ordinal));
        var ids = status.FirstOrDefault(line => line.StartsWith("NSpid:", StringComparison.Ordinal));
        return state is not null && !state.Contains('Z', StringComparison.Ordinal) && !state.Contains('X', StringComparison.Ordinal)
            && ids is not null && ids.EndsWith("\t1", StringComparison.Ordinal);
    }

    private static Entry? Stat(int id)
    {
        if (Lines($"/proc/{id}/stat") is not [var text, ..])
        {
            return null;
        }

        // "id (name) state parent ...": the name may hold blanks and parentheses itself.
        var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
        return new Entry(id, int.Parse(fields[1], CultureInfo.InvariantCulture), fields[11..15].Sum(field => long.Parse(field, CultureInfo.InvariantCulture)));
    }

    private static string[] Lines(string path)
    {
        try
        {
            return File.ReadAllLines(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A process may end between being listed and being read.
            return [];
        }
    }

    private sealed record Entry(int Id, int Parent, long Ticks)
    {
        public long Private => Lines($"/proc/{Id}/statm") is [var text, ..] && text.Split(' ') is [_, var resident, var shared, ..]
            ? Math.Max(0, long.Parse(resident, CultureInfo.InvariantCulture) - long.Parse(shared, CultureInfo.InvariantCulture)) * Environment.SystemPageSize
            : 0;
    }
}
