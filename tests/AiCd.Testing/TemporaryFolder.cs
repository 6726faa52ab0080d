namespace AiCd.Testing;

/// <summary>A folder of its own under the temporary path, deleted with everything in it on dispose.</summary>
public sealed class TemporaryFolder : IDisposable
{
    // Short: sockets of servers live in such folders, and a socket's path must stay under 108 bytes.
    public TemporaryFolder() =>
        Location = Directory.CreateTempSubdirectory("aicd-").FullName;

    public string Location { get; }

    /// <summary>The full path of something inside; nothing is created.</summary>
    public string Combine(params ReadOnlySpan<string> parts) =>
        Path.Combine([Location, .. parts]);

    /// <summary>Creates a subfolder, with the folders above it, and returns its full path.</summary>
    public string CreateFolder(params ReadOnlySpan<string> parts) =>
        Directory.CreateDirectory(Combine(parts)).FullName;

    public override string ToString() => Location;

    public void Dispose()
    {
        if (!Directory.Exists(Location))
        {
            return;
        }

        // Git's objects are read-only files, and a test may have made a folder read-only: neither may keep the folder alive.
        UnlockFolders(new DirectoryInfo(Location));
        Directory.Delete(Location, recursive: true);
    }

    private static void UnlockFolders(DirectoryInfo folder)
    {
        folder.UnixFileMode |= UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        foreach (var inner in folder.EnumerateDirectories())
        {
            if (inner.LinkTarget is null)
            {
                UnlockFolders(inner);
            }
        }
    }
}
