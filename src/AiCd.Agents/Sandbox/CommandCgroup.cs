using System.Globalization;

namespace AiCd.Agents.Sandbox;

/// <summary>The control groups of one command.</summary>
internal sealed class CommandCgroup
{
    private readonly List<string> _folders = [];

    /// <summary>Where a process writes its id to join.</summary>
    public IEnumerable<string> Entrances => _folders.Distinct(StringComparer.Ordinal).Select(folder => Path.Combine(folder, "cgroup.procs"));

    /// <summary>How many processes the kernel killed because memory ran out.</summary>
    public long MemoryKills => Count("memory.events", "oom_kill") + Count("memory.oom_control", "oom_kill");

    /// <summary>How often a process could not be started because there were too many.</summary>
    public long RefusedProcesses => Count("pids.events", "max");

    /// <exception cref="IOException">A limit that must hold could not be set.</exception>
    public void Add(string folder, IReadOnlyList<(string File, string Value, bool MustHold)> limits)
    {
        Directory.CreateDirectory(folder);
        _folders.Add(folder);
        foreach (var (file, value, mustHold) in limits)
        {
            try
            {
                File.WriteAllText(Path.Combine(folder, file), value);
            }
            catch (Exception e) when (!mustHold && e is IOException or UnauthorizedAccessException)
            {
                // A kernel without swap accounting has no such file: then swap is not limited, and memory still is.
            }
        }
    }

    /// <summary>Groups can be removed when the last process in them is gone; one that resists is removed by the next start of the node.</summary>
    public void Remove()
    {
        foreach (var folder in _folders)
        {
            TryRemove(folder);
        }
    }

    public static void TryRemove(string folder)
    {
        try
        {
            Directory.Delete(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Still occupied.
        }
    }

    private long Count(string file, string name) => _folders
        .Select(folder => Path.Combine(folder, file))
        .Where(File.Exists)
        .Distinct(StringComparer.Ordinal)
        .SelectMany(File.ReadAllLines)
        .Where(line => line.StartsWith(name + " ", StringComparison.Ordinal))
        .Sum(line => long.Parse(line[(name.Length + 1)..], CultureInfo.InvariantCulture));
}
