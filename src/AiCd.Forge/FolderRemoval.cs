using System.Diagnostics;
using AiCd.Forge.Git;

namespace AiCd.Forge;

/// <summary>Deletes a folder in which a stranger may have made anything: folders without permissions, names that are not UTF-8.</summary>
internal static class FolderRemoval
{
    private const UnixFileMode OwnerAll = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <exception cref="IOException">Something of it is still there.</exception>
    public static void Delete(string folder)
    {
        if (!Directory.Exists(folder))
        {
            return;
        }

        try
        {
            Unlock(new DirectoryInfo(folder));
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // .NET cannot spell names that are not UTF-8.
            Remove(folder, e);
        }
    }

    private static void Unlock(DirectoryInfo folder)
    {
        if (!OperatingSystem.IsWindows())
        {
            folder.UnixFileMode |= OwnerAll;
        }

        foreach (var inner in folder.EnumerateDirectories().Where(inner => inner.LinkTarget is null))
        {
            Unlock(inner);
        }
    }

    private static void Remove(string folder, Exception reason)
    {
        var program = SearchPath.Find("rm") ?? throw new IOException($"{folder} could not be deleted: {reason.Message}", reason);
        var start = new ProcessStartInfo(program, ["-rf", "--", folder]) { RedirectStandardError = true };
        using var process = Process.Start(start)!;
        using var reader = process.StandardError;
        var errors = reader.ReadToEnd();
        process.WaitForExit();
        if (Directory.Exists(folder))
        {
            throw new IOException($"{folder} could not be deleted: {errors.Trim()}", reason);
        }
    }
}
