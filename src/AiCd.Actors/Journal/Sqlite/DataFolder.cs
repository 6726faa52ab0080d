namespace AiCd.Actors.Journal.Sqlite;

/// <summary>Where an embedded node keeps its store.</summary>
internal static class DataFolder
{
    public static string DatabaseIn(string folder) => Path.Combine(folder, "aicd.db");

    /// <summary>Makes the folder where it is missing, for its owner alone: it holds the code and words of private repositories.</summary>
    /// <exception cref="StoreUnusableException"><c>not_writable</c>.</exception>
    public static void Create(string folder)
    {
        try
        {
            if (OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(folder);
            }
            else
            {
                Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new StoreUnusableException("not_writable", $"The data folder {folder} cannot be created: {error.Message}", error);
        }
    }
}
