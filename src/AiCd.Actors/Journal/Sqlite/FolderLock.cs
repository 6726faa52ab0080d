using System.Globalization;

namespace AiCd.Actors.Journal.Sqlite;

/// <summary>
/// Keeps a second writing process out of a data folder. The operating system holds the lock, so that it dies with its process;
/// the file beside it, which says whose it is, is there for people only.
/// </summary>
public sealed class FolderLock : IDisposable
{
    private readonly FileStream _file;
    private readonly string _holder;

    private FolderLock(FileStream file, string holder)
    {
        _file = file;
        _holder = holder;
    }

    /// <summary>Makes the folder where it is missing.</summary>
    /// <exception cref="StoreUnusableException"><c>in_use</c>, or <c>not_writable</c>.</exception>
    public static FolderLock Take(string folder)
    {
        DataFolder.Create(folder);
        var holder = Path.Combine(folder, "lock.pid");
        var file = Open(Path.Combine(folder, "lock"), folder, holder);
        try
        {
            File.WriteAllText(holder, Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
            return new FolderLock(file, holder);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            file.Dispose();
            throw NotWritable(folder, error);
        }
    }

    public void Dispose()
    {
        // While the lock is still held: afterwards the file may be the next holder's.
        File.Delete(_holder);
        _file.Dispose();
    }

    private static FileStream Open(string path, string folder, string holder)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException error) when (error.GetType() == typeof(IOException) && File.Exists(path))
        {
            throw new StoreUnusableException("in_use", $"The data folder {folder} is in use by process {ReadHolder(holder)}; one process at a time may write to it", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw NotWritable(folder, error);
        }
    }

    private static string ReadHolder(string holder)
    {
        try
        {
            return File.ReadAllText(holder);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return "(unknown)";
        }
    }

    private static StoreUnusableException NotWritable(string folder, Exception error) =>
        new("not_writable", $"The data folder {folder} cannot be written: {error.Message}", error);
}
