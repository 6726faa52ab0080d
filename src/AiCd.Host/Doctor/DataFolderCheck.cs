using AiCd.Actors.Hosting.Doctor;
using AiCd.Host.Configuration;
using AiCd.Host.Serving;

namespace AiCd.Host.Doctor;

/// <summary>Whether the data folder can be written, and by nobody else read.</summary>
internal sealed class DataFolderCheck(HostSettings settings) : IDoctorCheck
{
    private const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    public string Name => "data folder";

    public Task<DoctorFinding> RunAsync(CancellationToken cancellationToken) => Task.FromResult(Look(settings.DataFolder));

    private static DoctorFinding Look(string folder)
    {
        if (!Directory.Exists(folder))
        {
            var above = ExistingAbove(folder);
            return CannotWrite(above) is { } reason
                ? DoctorFinding.Failed($"{folder} is not there and cannot be made: {reason}", $"make it for the user of the node, or name another one by --data or AiCd__DataFolder")
                : DoctorFinding.Ok($"{folder} is made at the first use");
        }

        if (CannotWrite(folder) is { } refused)
        {
            return DoctorFinding.Failed($"{folder} cannot be written: {refused}", $"give it to the user of the node (chown), or name another one by --data or AiCd__DataFolder");
        }

        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(folder) & Others) != 0)
        {
            return DoctorFinding.Warning($"{folder} is open to other users, and it holds the code and words of private repositories", $"chmod 700 {folder}");
        }

        return DoctorFinding.Ok(ServerFile.Find(folder) is { } server ? $"{folder}, in use by the server at {server.Url}" : folder);
    }

    private static string ExistingAbove(string folder)
    {
        while (!Directory.Exists(folder) && Path.GetDirectoryName(folder) is { } above)
        {
            folder = above;
        }

        return folder;
    }

    /// <summary>By trying: permissions, mounts and quotas all have a say in it.</summary>
    private static string? CannotWrite(string folder)
    {
        var probe = Path.Combine(folder, $".aicd-doctor-{Environment.ProcessId}");
        try
        {
            using (new FileStream(probe, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose))
            {
                return null;
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return error.Message;
        }
    }
}
