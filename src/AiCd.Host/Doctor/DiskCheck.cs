using System.Globalization;
using AiCd.Actors.Hosting.Doctor;
using AiCd.Host.Configuration;

namespace AiCd.Host.Doctor;

/// <summary>Whether there is room for the journal, mirrors and worktrees.</summary>
internal sealed class DiskCheck(HostSettings settings) : IDoctorCheck
{
    private const long Mebibyte = 1024 * 1024;
    private const long LeastMiB = 256;
    private const long EnoughMiB = 2048;

    public string Name => "disk";

    public Task<DoctorFinding> RunAsync(CancellationToken cancellationToken)
    {
        var drive = DriveOf(settings.DataFolder);
        var freeMiB = drive.AvailableFreeSpace / Mebibyte;
        var found = string.Create(CultureInfo.InvariantCulture, $"{freeMiB} MiB free of {drive.TotalSize / Mebibyte} on {drive.Name}");
        return Task.FromResult(freeMiB switch
        {
            < LeastMiB => DoctorFinding.Failed(found, $"make room: less than {LeastMiB} MiB do not last for one worktree"),
            < EnoughMiB => DoctorFinding.Warning(found, $"make room: mirrors, worktrees and artifacts of a day's jobs want {EnoughMiB} MiB and more; AiCd:Retention says how long they stay"),
            _ => DoctorFinding.Ok(found),
        });
    }

    /// <summary>The drive with the longest mount point above the folder.</summary>
    private static DriveInfo DriveOf(string folder) => DriveInfo.GetDrives()
        .Where(drive => drive.IsReady && (folder + Path.DirectorySeparatorChar).StartsWith(drive.Name.TrimEnd(Path.DirectorySeparatorChar) + Path.DirectorySeparatorChar, StringComparison.Ordinal))
        .MaxBy(drive => drive.Name.Length) ?? new DriveInfo(Path.GetPathRoot(folder)!);
}
