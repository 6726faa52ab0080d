using AiCd.Agents.Sandbox;
using AiCd.Testing;

namespace AiCd.Agents.Tests.Sandbox;

/// <summary>On folders that look like those of the kernel.</summary>
public sealed class CgroupsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_delegated_group_of_version_2_serves_for_both_limits()
    {
        var parent = _folder.CreateFolder("unified", "node");
        File.WriteAllText(Path.Combine(parent, "cgroup.subtree_control"), "");

        var groups = Cgroups.Find("/node", [$"cgroup2 {_folder.Combine("unified")} cgroup2 rw 0 0"], ["0::/elsewhere"]);

        // The real file would list both; this one shows what was written last.
        groups.ShouldBe(new Cgroups(null, null, false));
        File.ReadAllText(Path.Combine(parent, "cgroup.subtree_control")).ShouldBe("+pids");

        var both = new Cgroups(parent, parent, true);
        var group = both.Create(new SandboxOptions { MemoryMiB = 100, Processes = 50 });
        var folder = Path.GetDirectoryName(group.Entrances.ShouldHaveSingleItem())!;
        File.ReadAllText(Path.Combine(folder, "memory.max")).ShouldBe("104857600");
        File.ReadAllText(Path.Combine(folder, "memory.swap.max")).ShouldBe("0");
        File.ReadAllText(Path.Combine(folder, "pids.max")).ShouldBe("50");
        File.WriteAllText(Path.Combine(folder, "memory.events"), "low 0\noom 2\noom_kill 3\n");
        File.WriteAllText(Path.Combine(folder, "pids.events"), "max 7\n");
        (group.MemoryKills, group.RefusedProcesses).ShouldBe((3, 7));
    }

    [Fact]
    public void Groups_of_version_1_are_found_below_the_nodes_own_and_those_of_dead_nodes_are_removed()
    {
        var memory = _folder.CreateFolder("memory", "mine");
        var pids = _folder.CreateFolder("pids", "all");
        var left = _folder.CreateFolder("memory", "mine", "aicd-999999999-4");
        string[] mounts = [$"cgroup {_folder.Combine("memory")} cgroup rw,relatime,memory 0 0", $"cgroup {_folder.Combine("pids")} cgroup rw,pids 0 0"];

        Cgroups.Find("", mounts, ["4:memory:/mine", "8:cpu,pids:/all"]).ShouldBe(new Cgroups(memory, pids, false));

        Directory.Exists(left).ShouldBeFalse();
        Directory.GetDirectories(memory).ShouldBeEmpty();
    }

    [Fact]
    public void Without_any_group_there_is_none() =>
        Cgroups.Find("", ["proc /proc proc rw 0 0"], ["0::/"]).ShouldBe(Cgroups.None);
}
