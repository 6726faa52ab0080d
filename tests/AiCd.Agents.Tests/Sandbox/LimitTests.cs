using AiCd.Agents.Sandbox;

namespace AiCd.Agents.Tests.Sandbox;

/// <summary>What a command uses is bounded on every kind of node, and the result says which bound it met.</summary>
public sealed class LimitTests
{
    public static TheoryData<Node> Nodes => Jail.NodesByLimits;

    [Theory]
    [MemberData(nameof(Nodes))]
    public async Task A_fork_bomb_finds_an_end_and_takes_nothing_with_it(Node node)
    {
        using var jail = new Jail(node, new SandboxOptions { Processes = 48 });

        var result = await jail.BashAsync("bomb() { bomb | bomb & }; bomb; sleep 2; echo done", command => command with { Timeout = TimeSpan.FromSeconds(20) });

        $"{result.Output} {result.Note}".ShouldMatch("Resource temporarily unavailable|was refused|was ended");
        (await jail.BashAsync("echo well")).Output.ShouldBe("well\n");
    }

    [Theory]
    [MemberData(nameof(Nodes))]
    public async Task Memory_is_bounded(Node node)
    {
        using var jail = new Jail(node, new SandboxOptions { MemoryMiB = 64 });

        var result = await jail.BashAsync("head -c 400M /dev/zero | tail | wc -c; exit ${PIPESTATUS[1]}");

        result.Succeeded.ShouldBeFalse(result.Output);
        $"{result.Output} {result.Note}".ShouldMatch("memory");
        result.Output.ShouldNotContain("419430400");
    }

    [Theory]
    [MemberData(nameof(Nodes))]
    public async Task Memory_that_many_processes_share_out_is_bounded_too(Node node)
    {
        using var jail = new Jail(node, new SandboxOptions { MemoryMiB = 96 });

        var result = await jail.BashAsync("for i in 1 2 3 4 5 6; do perl -e '$x = \"x\" x 40_000_000; sleep 20' & done; wait; exit 1", command => command with { Timeout = TimeSpan.FromSeconds(15) });

        result.End.ShouldBe(SandboxEnd.KilledByLimit, result.Output);
        result.Note!.ShouldContain("96 MiB of memory");
    }

    [Theory]
    [MemberData(nameof(Nodes))]
    public async Task Processor_time_of_a_whole_tree_is_bounded(Node node)
    {
        using var jail = new Jail(node, new SandboxOptions { CpuTime = TimeSpan.FromSeconds(1) });

        var result = await jail.BashAsync("for i in 1 2 3; do (while :; do :; done) & done; wait", command => command with { Timeout = TimeSpan.FromSeconds(60) });

        result.End.ShouldBe(SandboxEnd.KilledByLimit, result.Output);
        result.Note!.ShouldContain("processor time");
    }

    [Theory]
    [MemberData(nameof(Nodes))]
    public async Task A_file_cannot_grow_beyond_its_bound(Node node)
    {
        using var jail = new Jail(node, new SandboxOptions { FileMiB = 2 });

        var result = await jail.BashAsync("cat /dev/zero > big");

        result.End.ShouldBe(SandboxEnd.KilledByLimit, result.Output);
        result.Note.ShouldBe("a file grew beyond 2 MiB");
        new FileInfo(Path.Combine(jail.Worktree, "big")).Length.ShouldBe(2 * 1024 * 1024);
    }

    [Theory]
    [MemberData(nameof(Nodes))]
    public async Task Many_files_cannot_fill_the_disk(Node node)
    {
        using var jail = new Jail(node, new SandboxOptions { DiskMiB = 16 });

        var result = await jail.BashAsync("for i in $(seq 200); do head -c 1M /dev/zero > f$i; sleep 0.02; done; sleep 30");

        result.End.ShouldBe(SandboxEnd.KilledByLimit, result.Output);
        result.Note!.ShouldContain("16 are allowed");
    }

    [Theory]
    [MemberData(nameof(Nodes))]
    public async Task What_a_command_wrote_faster_than_it_was_watched_is_found_at_its_end(Node node)
    {
        using var jail = new Jail(node, new SandboxOptions { DiskMiB = 16 });

        var result = await jail.BashAsync("head -c 40M /dev/zero > f");

        result.End.ShouldBe(SandboxEnd.KilledByLimit, result.Output);
        result.Note!.ShouldContain("16 are allowed");
    }

    [Theory]
    [MemberData(nameof(Nodes))]
    public async Task Empty_files_are_counted(Node node)
    {
        using var jail = new Jail(node, new SandboxOptions { Files = 1000 });

        var result = await jail.BashAsync("for i in $(seq 3000); do : > f$i; done; sleep 30");

        result.End.ShouldBe(SandboxEnd.KilledByLimit, result.Output);
        result.Note!.ShouldContain("1000 are allowed");
    }

    [Theory]
    [MemberData(nameof(Nodes))]
    public async Task What_lies_in_memory_is_bounded_wherever_it_lies(Node node)
    {
        using var jail = new Jail(node, new SandboxOptions { TemporaryMiB = 2 });

        var result = await jail.BashAsync("for place in /tmp /dev/shm ~ /var/tmp; do head -c 8M /dev/zero > $place/f; rm $place/f; done; false");

        result.Output.Split('\n').Count(line => line.Contains("No space left on device", StringComparison.Ordinal)).ShouldBe(4, result.Output);
    }

    [Fact]
    public async Task A_command_that_never_stops_writing_is_cut_in_the_middle_and_ended()
    {
        using var jail = new Jail(Jail.Nodes.First().Data);

        var result = await jail.BashAsync("yes abcdefghijklmnopqrstuvwxyz", command => command with { OutputLimit = 1000 });

        result.End.ShouldBe(SandboxEnd.KilledByLimit);
        result.Note.ShouldBe("it wrote more than 256 MiB of output");
        result.OutputCut.ShouldBeTrue();
        result.Output.Length.ShouldBeLessThan(1100);
        result.Output.ShouldMatch(@"^abc[\s\S]*characters are cut here[\s\S]*$");
    }
}
