using System.Globalization;

namespace AiCd.Agents.Sandbox;

/// <summary>
/// Control groups below which this node may make one for each command: the limits that nothing in the sandbox can get around. Version
/// 1 has a tree per controller, version 2 a single one.
/// </summary>
/// <param name="Memory">The parent where memory is limited, or null.</param>
/// <param name="Tasks">The parent where the number of processes and threads is limited, or null.</param>
internal sealed record Cgroups(string? Memory, string? Tasks, bool IsUnified)
{
    private const string Prefix = "aicd-";

    private static int _groups;

    public static Cgroups None { get; } = new(null, null, false);

    /// <param name="configured">A delegated group, or empty to try the node's own.</param>
    /// <param name="mounts">Lines of /proc/self/mounts.</param>
    /// <param name="own">Lines of /proc/self/cgroup.</param>
    public static Cgroups Find(string configured, IReadOnlyList<string> mounts, IReadOnlyList<string> own)
    {
        var points = mounts.Select(line => line.Split(' ')).Where(fields => fields.Length > 3 && fields[2] is "cgroup" or "cgroup2").ToList();
        string? V1(string controller) => Usable(
            points.FirstOrDefault(fields => fields[2] == "cgroup" && fields[3].Split(',').Contains(controller))?[1],
            configured.Length > 0 ? configured : PathOf(own, line => line.Split(':', 3)[1].Split(',').Contains(controller)));
        if (points.FirstOrDefault(fields => fields[2] == "cgroup2")?[1] is { } unified
            && Usable(unified, configured.Length > 0 ? configured : PathOf(own, line => line.StartsWith("0::", StringComparison.Ordinal))) is { } group)
        {
            var enabled = Enable(group);
            var (memory, tasks) = (enabled.Contains("memory") ? group : null, enabled.Contains("pids") ? group : null);
            if (memory is not null || tasks is not null)
            {
                return new Cgroups(memory, tasks, true);
            }
        }

        return new Cgroups(V1("memory"), V1("pids"), false);
    }

    public static Cgroups OfThisNode(string configured) => File.Exists("/proc/self/cgroup")
        ? Find(configured, File.ReadAllLines("/proc/self/mounts"), File.ReadAllLines("/proc/self/cgroup"))
        : None;

    public CommandCgroup Create(SandboxOptions limits)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{Prefix}{Environment.ProcessId}-{Interlocked.Increment(ref _groups)}");
        var bytes = (limits.MemoryMiB * 1024L * 1024L).ToString(CultureInfo.InvariantCulture);
        var group = new CommandCgroup();
        try
        {
            if (Memory is not null)
            {
                group.Add(Path.Combine(Memory, name), IsUnified
                    ? [("memory.max", bytes, true), ("memory.swap.max", "0", false), ("memory.oom.group", "1", false)]
                    : [("memory.limit_in_bytes", bytes, true), ("memory.memsw.limit_in_bytes", bytes, false)]);
            }

            if (Tasks is not null)
            {
                group.Add(Path.Combine(Tasks, name), [("pids.max", limits.Processes.ToString(CultureInfo.InvariantCulture), true)]);
            }

            return group;
        }
        catch
        {
            group.Remove();
            throw;
        }
    }

    private static string? PathOf(IReadOnlyList<string> own, Func<string, bool> fits) => own.FirstOrDefault(fits)?.Split(':', 3)[2];

    /// <returns>The group's folder where this node may make groups in it, or null.</returns>
    private static string? Usable(string? point, string? group)
    {
        if (point is null || group is null)
        {
            return null;
        }

        var folder = group.StartsWith(point, StringComparison.Ordinal) ? group : point.TrimEnd('/') + group;
        try
        {
            RemoveStale(folder);
            var probe = Directory.CreateDirectory(Path.Combine(folder, $"{Prefix}{Environment.ProcessId}-0"));
            probe.Delete();
            return folder;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Groups of nodes that were killed: what ran in them died with their node.</summary>
    private static void RemoveStale(string folder)
    {
        foreach (var left in Directory.Exists(folder) ? Directory.GetDirectories(folder, Prefix + "*-*") : [])
        {
            var node = Path.GetFileName(left).Split('-')[1];
            if (!Directory.Exists($"/proc/{node}"))
            {
                CommandCgroup.TryRemove(left);
            }
        }
    }

    /// <returns>The controllers that groups below this one have.</returns>
    private static string[] Enable(string group)
    {
        var control = Path.Combine(group, "cgroup.subtree_control");
        foreach (var controller in new[] { "memory", "pids" })
        {
            try
            {
                File.WriteAllText(control, $"+{controller}");
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Not delegated, or the group has processes of its own: what is enabled already is read below.
            }
        }

        try
        {
            return File.ReadAllText(control).Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
