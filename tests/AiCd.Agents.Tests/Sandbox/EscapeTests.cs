using System.Net;
using System.Net.Sockets;
using AiCd.Agents.Sandbox;
using AiCd.Testing;

namespace AiCd.Agents.Tests.Sandbox;

/// <summary>Each attempt fails, says so where the transcript shows it, and leaves nothing outside.</summary>
public sealed class EscapeTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static TheoryData<Node> Nodes => Jail.Nodes;

    [Theory]
    [MemberData(nameof(Nodes))]
    public async Task The_nodes_data_folder_is_not_there(Node node)
    {
        using var jail = new Jail(node);

        var result = await jail.BashAsync($"cat '{jail.SecretFile}'; ls '{jail.Data}'");

        ShouldFail(result, "No such file or directory");
    }

    [Theory]
    [MemberData(nameof(Nodes))]
    public async Task Tokens_of_the_node_are_in_no_environment(Node node)
    {
        using var jail = new Jail(node);
        Environment.SetEnvironmentVariable("AICD_TEST_TOKEN", Jail.Secret);

        var result = await jail.BashAsync("env; cat /proc/*/environ | tr '\\0' '\\n'; cat /proc/*/cmdline | tr '\\0' '\\n'; test -n \"$AICD_TEST_TOKEN\"");

        ShouldFail(result, "HOME=/home/aicd");
    }

    [Theory]
    [MemberData(nameof(Nodes))]
    public async Task Other_processes_can_neither_be_seen_nor_signalled(Node node)
    {
        using var jail = new Jail(node);

        var result = await jail.BashAsync($"ls -d /proc/[0-9]* | wc -l; cat /proc/{Environment.ProcessId}/cmdline; kill -9 {Environment.ProcessId}");

        ShouldFail(result, "No such");
        int.Parse(result.Output.Split('\n')[0], System.Globalization.CultureInfo.InvariantCulture).ShouldBeLessThan(10);
    }

    [Theory]
    [MemberData(nameof(Nodes))]
    public async Task Keys_in_the_homes_of_users_are_not_there(Node node)
    {
        using var jail = new Jail(node);
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);

        var result = await jail.BashAsync($"ls -d '{home}' /root /home/*; cat ~/.ssh/id_* '{home}'/.ssh/*");

        ShouldFail(result, "cannot access");
        result.Output.Split('\n').Where(line => line.StartsWith('/')).ShouldBe(["/home/aicd"]);
    }

    [Theory]
    [MemberData(nameof(Nodes))]
    public async Task Other_worktrees_are_not_there(Node node)
    {
        using var jail = new Jail(node);

        var result = await jail.BashAsync($"ls /work/../..; cat /work/../two/tree/other.txt '{jail.OtherWorktree}/other.txt'");

        ShouldFail(result, "No such file or directory");
    }

    [Theory]
    [MemberData(nameof(Nodes))]
    public async Task Nothing_outside_the_worktree_can_be_written(Node node)
    {
        using var jail = new Jail(node);
        var targets = new[] { "/x", "/usr/x", "/usr/bin/x", "/etc/x", "/dev/x", "/proc/x", "/home/x", "/run/x", "/etc/passwd", "/proc/sys/kernel/core_pattern", $"{jail.Data}/x", "/work/../x" };

        var result = await jail.BashAsync(string.Join('\n', targets.Select(target => $"echo x > '{target}' && echo WROTE")) + "\nfalse");

        ShouldFail(result, "Read-only file system");
        result.Output.ShouldNotContain("WROTE");
        Directory.GetFiles(jail.Data).ShouldBe([jail.SecretFile]);
    }

    [Theory]
    [MemberData(nameof(Nodes))]
    public async Task Loopback_and_network_cannot_be_reached_unless_the_policy_allows_it(Node node)
    {
        using var jail = new Jail(node);
        using var service = new TcpListener(IPAddress.Loopback, 0);
        service.Start();
        var connect = $"cat /proc/net/dev; exec 3<> /dev/tcp/127.0.0.1/{((IPEndPoint)service.LocalEndpoint).Port}";

        var refused = await jail.BashAsync(connect);
        var pending = service.Pending();
        var allowed = await jail.BashAsync(connect, command => command with { Network = NetworkPolicy.Full });

        ShouldFail(refused, "Connection refused");
        refused.Output.Split('\n').Count(line => line.Contains(':', StringComparison.Ordinal) && !line.Contains("lo:", StringComparison.Ordinal) && line.Contains("  0", StringComparison.Ordinal)).ShouldBe(0, refused.Output);
        pending.ShouldBeFalse();
        allowed.Succeeded.ShouldBeTrue(allowed.Output);
        service.Pending().ShouldBeTrue();
    }

    [Theory]
    [MemberData(nameof(Nodes))]
    public async Task No_other_network_than_that_of_its_namespace_can_be_used(Node node)
    {
        using var jail = new Jail(node);

        // AF_VSOCK reaches a virtual machine's host from any namespace; AF_ALG and AF_PACKET are ways into the kernel.
        var result = await jail.BashAsync("for family in 40 38 17; do perl -e 'socket(my $s, shift, 1, 0) or die \"$!\\n\"' $family; done; perl -e 'socket(my $s, 2, 1, 0) or die; print \"INET\\n\"'; false", command => command with { Network = NetworkPolicy.Full });

        ShouldFail(result, "INET");
        result.Output.Split('\n').Count(line => line.Contains("Address family not supported", StringComparison.Ordinal)).ShouldBe(3, result.Output);
    }

    [Theory]
    [MemberData(nameof(Nodes))]
    public async Task No_power_of_root_can_be_had(Node node)
    {
        using var jail = new Jail(node);

        var result = await jail.BashAsync("""
            cp /bin/bash b; chmod 6755 b; ./b -p -c 'id -u'; grep -E '^(CapEff|CapBnd|NoNewPrivs)' /proc/self/status
            unshare -Ur true; unshare -m true; mount -t tmpfs none /work; chroot /work true; nsenter -t 1 -m true; bwrap --unshare-user --ro-bind / / true
            perl -e 'syscall(250, 0, -3, 0) >= 0 and print "KEYCTL\n"; print "$!\n"'
            false
            """);

        ShouldFail(result, "Operation not permitted");
        result.Output.ShouldNotContain("KEYCTL");
        result.Output.ShouldContain("CapEff:\t0000000000000000");
        result.Output.ShouldContain("NoNewPrivs:\t1");
        result.Output.Split('\n')[0].ShouldNotBe("0");
    }

    [Theory]
    [MemberData(nameof(Nodes))]
    public async Task Links_in_the_worktree_lead_nowhere_else(Node node)
    {
        using var jail = new Jail(node);

        var result = await jail.BashAsync($"ln -s '{jail.SecretFile}' soft; cat soft; ln /usr/bin/env hard; ln '{jail.SecretFile}' hard; ln -s '{jail.Data}' folder; echo x > folder/x");

        ShouldFail(result, "No such file or directory");
        Directory.GetFiles(jail.Data).ShouldBe([jail.SecretFile]);
        File.Exists(Path.Combine(jail.Worktree, "hard")).ShouldBeFalse();
    }

    [Theory]
    [MemberData(nameof(Nodes))]
    public async Task Handing_over_what_the_node_wrote_follows_no_link_however_it_is_swapped(Node node)
    {
        using var jail = new Jail(node);
        jail.Write("d/f", "1");
        var before = await OwnerAsync(jail.SecretFile);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        var race = jail.RunAsync(
            SandboxCommand.Shell(jail.Worktree, $"while :; do mv d e; ln -s '{jail.Data}' d; rm d; mv e d; done"), cancellationToken: stop.Token);
        for (var i = 0; i < 15; i++)
        {
            (await jail.BashAsync("true")).Succeeded.ShouldBeTrue();
        }

        await stop.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(race);
        (await OwnerAsync(jail.SecretFile)).ShouldBe(before);
        (await OwnerAsync(jail.Data)).ShouldBe(before);
    }

    [Theory]
    [MemberData(nameof(Nodes))]
    public async Task Programs_of_the_worktree_that_pose_as_tools_are_not_taken_for_them(Node node)
    {
        using var jail = new Jail(node);
        foreach (var name in new[] { "bwrap", "sh", "bash", "prlimit", "setpriv", "chown", "find", "ls", "git", "rg" })
        {
            jail.Write(name, "#!/bin/sh\ntouch /work/canary\n", executable: true);
        }

        var listing = await jail.RunAsync(new SandboxCommand { Worktree = jail.Worktree, Arguments = ["ls"] });
        var paths = await jail.BashAsync("command -v bash ls find; cd /work && ls > /dev/null");

        listing.Output.ShouldContain("setpriv");
        paths.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).ShouldAllBe(path => path.StartsWith("/usr/") || path.StartsWith("/bin/"));
        File.Exists(Path.Combine(jail.Worktree, "canary")).ShouldBeFalse();
    }

    [Theory]
    [MemberData(nameof(Nodes))]
    public async Task A_worktree_that_is_only_read_is_not_written(Node node)
    {
        using var jail = new Jail(node);
        jail.Write("a", "1");

        var result = await jail.BashAsync("cat a; echo 2 > a; touch b", command => command with { Writable = false });

        ShouldFail(result, "Read-only file system");
        result.Output.ShouldStartWith("1");
        File.ReadAllText(Path.Combine(jail.Worktree, "a")).ShouldBe("1");
    }

    private static async Task<string> OwnerAsync(string path) =>
        (await ProcessRunner.RunAsync("stat", ["-c", "%u:%g", path], Cancelled)).EnsureSuccess().Output;

    private static void ShouldFail(SandboxResult result, string reason)
    {
        result.Succeeded.ShouldBeFalse(result.Output);
        result.Output.ShouldContain(reason);
        result.Output.ShouldNotContain(Jail.Secret);
    }
}
