namespace AiCd.Agents.Sandbox;

/// <summary>
/// Finds the node's own programs in the absolute entries of PATH. Process would look in the current folder first, where a repository
/// could have put anything.
/// </summary>
internal static class ToolPath
{
    private const UnixFileMode AnyExecute = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    public static IReadOnlyList<string> Folders { get; } =
    [
        .. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Concat(["/usr/local/bin", "/usr/bin", "/bin", "/usr/sbin", "/sbin"])
            .Where(Path.IsPathFullyQualified)
            .Distinct(StringComparer.Ordinal),
    ];

    /// <returns>The absolute path, or null where there is no such program.</returns>
    public static string? Find(string program) => Path.IsPathFullyQualified(program)
        ? IsExecutable(program) ? program : null
        : Path.GetFileName(program) == program ? Folders.Select(folder => Path.Combine(folder, program)).FirstOrDefault(IsExecutable) : null;

    private static bool IsExecutable(string path) =>
        File.Exists(path) && (OperatingSystem.IsWindows() || (File.GetUnixFileMode(path) & AnyExecute) != 0);
}
