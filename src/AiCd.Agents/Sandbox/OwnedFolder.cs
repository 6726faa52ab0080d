using System.Diagnostics;
using System.Globalization;
using AiCd.Agents.Checks;

namespace AiCd.Agents.Sandbox;

/// <summary>
/// A private temporary folder that is known to belong to a living process: that one holds a lock on a file in it, which the system
/// takes from it when it dies, however it does. What nobody holds any more is cleared away by the next node that starts here.
/// </summary>
internal sealed class OwnedFolder : IDisposable
{
    private const string Owner = "owner";

    private readonly FileStream _lock;

    private OwnedFolder(string location, FileStream held) => (Location, _lock) = (location, held);

    public string Location { get; }

    public static OwnedFolder Create(string prefix)
    {
        var folder = Directory.CreateTempSubdirectory(prefix).FullName;

        // Under its name the file is locked from the first moment on: without one it would be taken for a dead node's.
        var unnamed = Path.Combine(folder, Owner + ".new");
        var held = new FileStream(unnamed, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None);
        File.Move(unnamed, Path.Combine(folder, Owner));
        return new OwnedFolder(folder, held);
    }

    /// <summary>Deletes the folders of this kind whose processes are gone.</summary>
    /// <param name="sweeper">GNU's find: it alone tells whose a folder is. What another user put into the temporary folder is not touched.</param>
    /// <param name="user">This process' user.</param>
    public static async Task SweepAsync(string prefix, string sweeper, int user, CancellationToken cancellationToken)
    {
        foreach (var folder in await ListAsync(prefix, sweeper, user, cancellationToken))
        {
            if (TryTake(Path.Combine(folder, Owner)) is { } held)
            {
                await using (held)
                {
                    await ScratchFolder.DeleteAsync(folder);
                }
            }
        }
    }

    /// <summary>From here on it is nobody's, if it is still there.</summary>
    public void Dispose() => _lock.Dispose();

    private static async Task<string[]> ListAsync(string prefix, string sweeper, int user, CancellationToken cancellationToken)
    {
        using var process = await StarterThread.StartAsync(new ProcessStartInfo(sweeper,
        [
            Path.GetTempPath(), "-mindepth", "1", "-maxdepth", "1", "-type", "d", "-name", prefix + "*",
            "-uid", user.ToString(CultureInfo.InvariantCulture), "-perm", "0700", "-print0",
        ])
        { RedirectStandardOutput = true, RedirectStandardError = true });
        var errors = process.StandardError.ReadToEndAsync(cancellationToken);
        var found = await process.StandardOutput.ReadToEndAsync(cancellationToken);
        await errors;
        await process.WaitForExitAsync(cancellationToken);
        return found.Split('\0', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <returns>Null where its process lives, or where there is no such file.</returns>
    private static FileStream? TryTake(string file)
    {
        try
        {
            return new FileStream(file, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
