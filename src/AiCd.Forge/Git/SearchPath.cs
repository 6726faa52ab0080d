namespace AiCd.Forge.Git;

/// <summary>
/// PATH without its relative entries. Executables are looked up here and not by Process, which tries the current folder before
/// PATH: a repository could hold a program named `git`.
/// </summary>
public static class SearchPath
{
    private const UnixFileMode Executable = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    public static string Value { get; } = string.Join(Path.PathSeparator, Folders());

    /// <returns>The absolute path, or null where there is no such program.</returns>
    public static string? Find(string program)
    {
        if (Path.IsPathFullyQualified(program))
        {
            return IsExecutable(program) ? program : null;
        }

        return Path.GetFileName(program) == program ? Folders().Select(folder => Path.Combine(folder, program)).FirstOrDefault(IsExecutable) : null;
    }

    private static IEnumerable<string> Folders() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "/usr/bin:/bin").Split(Path.PathSeparator).Where(Path.IsPathFullyQualified);

    private static bool IsExecutable(string path) =>
        File.Exists(path) && (OperatingSystem.IsWindows() || (File.GetUnixFileMode(path) & Executable) != 0);
}
