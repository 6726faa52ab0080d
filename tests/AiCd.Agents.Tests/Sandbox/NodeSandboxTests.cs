using AiCd.Actors.Ports;
using AiCd.Agents.Sandbox;
using AiCd.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace AiCd.Agents.Tests.Sandbox;

public sealed class NodeSandboxTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_node_with_bubblewrap_has_a_sandbox_and_says_which()
    {
        using var sandbox = NodeWith(new SandboxOptions());

        (await sandbox.FindProblemAsync(Cancelled)).ShouldBeNull();

        sandbox.Description!.ShouldStartWith("bubblewrap as");
        (await sandbox.RunAsync(SandboxCommand.Shell(_folder.Location, "pwd"), Cancelled)).Output.ShouldBe("/work\n");
    }

    [Fact]
    public async Task Without_bubblewrap_nothing_runs_and_the_reason_says_what_to_do()
    {
        using var sandbox = NodeWith(new SandboxOptions { Bubblewrap = "no-such-bwrap" });

        var refused = await Should.ThrowAsync<StageException>(sandbox.RunAsync(SandboxCommand.Shell(_folder.Location, "touch ran"), Cancelled));

        refused.Kind.ShouldBe(FaultKind.Permanent);
        refused.Code.ShouldBe("no_sandbox");
        refused.Message.ShouldContain("there is no program no-such-bwrap in PATH");
        refused.Message.ShouldContain("AiCd:Sandbox:Mode=None");
        File.Exists(_folder.Combine("ran")).ShouldBeFalse();
    }

    [Fact]
    public async Task Where_no_namespace_can_be_made_nothing_runs()
    {
        var broken = _folder.Combine("bwrap");
        await File.WriteAllTextAsync(broken, "#!/bin/sh\necho 'bwrap: No permissions to create new namespace' >&2\nexit 1\n", Cancelled);
        File.SetUnixFileMode(broken, (UnixFileMode)Convert.ToInt32("755", 8));
        using var sandbox = NodeWith(new SandboxOptions { Bubblewrap = broken });

        (await sandbox.FindProblemAsync(Cancelled))!.ShouldContain("No permissions to create new namespace");

        (await Should.ThrowAsync<StageException>(sandbox.RunAsync(SandboxCommand.Shell(_folder.Location, "true"), Cancelled))).Code.ShouldBe("no_sandbox");
    }

    [Fact]
    public async Task With_no_sandbox_asked_for_commands_run_as_the_node_does_but_for_its_environment()
    {
        Environment.SetEnvironmentVariable("AICD_TEST_TOKEN", Jail.Secret);
        using var sandbox = NodeWith(new SandboxOptions { Mode = SandboxMode.None });

        var result = await sandbox.RunAsync(SandboxCommand.Shell(_folder.Location, "pwd; env; exit 4"), Cancelled);
        var missing = await sandbox.RunAsync(new SandboxCommand { Worktree = _folder.Location, Arguments = ["no-such-program"] }, Cancelled);
        var late = await sandbox.RunAsync(SandboxCommand.Shell(_folder.Location, "sleep 100 & sleep 100") with { Timeout = TimeSpan.FromMilliseconds(300) }, Cancelled);

        result.ExitCode.ShouldBe(4);
        result.Output.ShouldStartWith(_folder.Location);
        result.Output.ShouldNotContain(Jail.Secret);
        missing.ExitCode.ShouldBe(127);
        late.End.ShouldBe(SandboxEnd.TimedOut);
    }

    [Theory]
    [InlineData("ToolFolders:0", "/", "the absolute path of a folder with tools")]
    [InlineData("ToolFolders:0", "tools", "the absolute path of a folder with tools")]
    [InlineData("ToolFolders:0", "/srv/aicd/data/tools", "neither holds nor lies in the data folder")]
    [InlineData("ToolFolders:0", "/srv", "neither holds nor lies in the data folder")]
    [InlineData("ToolFolders:0", "/etc", "not one of the system's own")]
    [InlineData("ToolFolders:0", "/proc/1", "not one of the system's own")]
    [InlineData("Environment:0", "AiCd__Postgres", "no setting of the node itself")]
    [InlineData("Environment:0", "A=b", "the name of a variable")]
    [InlineData("MemoryMiB", "1", "AiCd:Sandbox:MemoryMiB: expected a whole number from 64")]
    [InlineData("Network", "some", "AiCd:Sandbox:Network: expected")]
    [InlineData("Mode", "off", "AiCd:Sandbox:Mode: expected")]
    [InlineData("CpuTime", "00:00:00", "AiCd:Sandbox:CpuTime: expected a time span from")]
    public void Settings_that_would_open_the_sandbox_are_refused(string key, string value, string expected)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { [$"AiCd:Sandbox:{key}"] = value, ["AiCd:DataFolder"] = "/srv/aicd/data" });
        builder.Services.AddSandbox();
        builder.Services.AddSingleton(new Actors.Hosting.Settings.SettingsSection("AiCd", typeof(HostLike)));
        using var host = builder.Build();

        var refused = Should.Throw<Actors.Hosting.Settings.SettingsException>(() => Actors.Hosting.Settings.SettingsServices.ThrowIfSettingsInvalid(host.Services));

        refused.Message.ShouldContain(expected);
    }

    private sealed class HostLike
    {
        public string DataFolder { get; set; } = "";
    }

    private static NodeSandbox NodeWith(SandboxOptions options) => new(Options.Create(options), TimeProvider.System);
}
