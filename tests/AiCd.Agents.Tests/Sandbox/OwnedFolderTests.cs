using System.Globalization;
using AiCd.Agents.Checks;
using AiCd.Agents.Sandbox;
using AiCd.Testing;

namespace AiCd.Agents.Tests.Sandbox;

/// <summary>What dead nodes left in the temporary folder goes; what anybody may still need stays.</summary>
public sealed class OwnedFolderTests : IAsyncDisposable
{
    private readonly string _prefix = $"aicd-owned-{Guid.NewGuid():N}-";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_folder_stays_while_its_process_holds_it_and_goes_afterwards()
    {
        var folder = OwnedFolder.Create(_prefix);

        await SweepAsync();
        Directory.Exists(folder.Location).ShouldBeTrue();

        folder.Dispose();
        await SweepAsync();
        Directory.Exists(folder.Location).ShouldBeFalse();
    }

    [Fact]
    public async Task A_folder_goes_when_its_process_was_killed()
    {
        var folder = Make("killed");
        await using var owner = ProcessRunner.Start(ProcessRunner.Command(
            "flock", ["--no-fork", "--exclusive", Path.Combine(folder, "owner"), "bash", "-c", "echo held; exec sleep 600"]));
        await owner.WaitForLineAsync(line => line == "held", TimeSpan.FromSeconds(60), Cancelled);

        await SweepAsync();
        Directory.Exists(folder).ShouldBeTrue();

        await owner.KillAsync(Cancelled);
        await SweepAsync();
        Directory.Exists(folder).ShouldBeFalse();
    }

    [Fact]
    public async Task What_a_command_locked_in_it_goes_too()
    {
        var folder = Make("locked");
        var inner = Directory.CreateDirectory(Path.Combine(folder, "home", "read-only")).FullName;
        await File.WriteAllTextAsync(Path.Combine(inner, "file"), "x", Cancelled);
        File.SetUnixFileMode(inner, UnixFileMode.UserRead | UnixFileMode.UserExecute);

        await SweepAsync();

        Directory.Exists(folder).ShouldBeFalse();
    }

    [Fact]
    public async Task Folders_without_an_owner_open_to_others_or_of_another_kind_or_user_stay()
    {
        var unowned = Directory.CreateTempSubdirectory(_prefix).FullName;
        var open = Make("open");
        File.SetUnixFileMode(open, (UnixFileMode)Convert.ToInt32("755", 8));
        var mine = Make("mine");

        await OwnedFolder.SweepAsync(_prefix, "/usr/bin/find", UserId() + 1, Cancelled);
        await OwnedFolder.SweepAsync(_prefix + "other", "/usr/bin/find", UserId(), Cancelled);
        Directory.Exists(mine).ShouldBeTrue();

        await SweepAsync();
        (Directory.Exists(unowned), Directory.Exists(open), Directory.Exists(mine)).ShouldBe((true, true, false));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var left in Directory.EnumerateDirectories(Path.GetTempPath(), _prefix + "*"))
        {
            await ScratchFolder.DeleteAsync(left);
        }
    }

    private Task SweepAsync() => OwnedFolder.SweepAsync(_prefix, "/usr/bin/find", UserId(), Cancelled);

    /// <summary>A folder as a process that is gone left it.</summary>
    private string Make(string name)
    {
        var folder = Directory.CreateDirectory(
            Path.Combine(Path.GetTempPath(), _prefix + name), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute).FullName;
        File.WriteAllText(Path.Combine(folder, "owner"), "");
        return folder;
    }

    private static int UserId() => File.ReadLines("/proc/self/status")
        .Where(line => line.StartsWith("Uid:", StringComparison.Ordinal))
        .Select(line => int.Parse(line.Split('\t')[2], CultureInfo.InvariantCulture))
        .Single();
}
