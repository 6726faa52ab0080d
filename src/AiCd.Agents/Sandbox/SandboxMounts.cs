using System.Globalization;

namespace AiCd.Agents.Sandbox;

/// <summary>
/// The whole file system that a command sees, from nothing: tools and libraries to read, some of /etc, memory of limited size, one
/// home and one worktree.
/// </summary>
internal static class SandboxMounts
{
    private static readonly string[] MergedFolders = ["/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32"];

    private static readonly string[] StandardPath = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"];

    private static readonly string[] Settings =
    [
        "/etc/alternatives", "/etc/ca-certificates", "/etc/dotnet", "/etc/fonts", "/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/ld.so.conf.d", "/etc/localtime",
        "/etc/mime.types", "/etc/nsswitch.conf", "/etc/pki/tls/certs", "/etc/protocols", "/etc/services", "/etc/ssl/certs", "/etc/ssl/openssl.cnf",
        "/etc/python3", "/etc/java-11-openjdk", "/etc/java-17-openjdk", "/etc/java-21-openjdk", "/etc/perl", "/etc/php", "/etc/os-release",
    ];

    public static IEnumerable<string> Of(SandboxCommand command, SandboxOptions options, SandboxFiles files, bool network)
    {
        var size = (options.TemporaryMiB * 1024L * 1024L).ToString(CultureInfo.InvariantCulture);
        return
        [
            "--ro-bind", "/usr", "/usr",
            .. MergedFolders.SelectMany(Merged),
            .. Ancestors([.. Settings, "/etc/passwd", SandboxPaths.Home, "/var/tmp"]),
            .. Settings.SelectMany(path => new[] { "--ro-bind-try", path, path }),
            "--ro-bind", files.Passwd, "/etc/passwd",
            "--ro-bind", files.Group, "/etc/group",
            .. network ? (string[])["--ro-bind-try", "/etc/resolv.conf", "/etc/resolv.conf", "--ro-bind-try", "/etc/hosts", "/etc/hosts"] : ["--ro-bind", files.Hosts, "/etc/hosts"],
            "--proc", "/proc",
            "--dev", "/dev",
            "--perms", "1777", "--size", size, "--tmpfs", "/dev/shm",
            "--remount-ro", "/dev",
            "--perms", "1777", "--size", size, "--tmpfs", "/tmp",
            "--symlink", "../tmp", "/var/tmp",
            "--perms", "0755", "--dir", "/run",
            .. Ancestors(options.ToolFolders),
            .. options.ToolFolders.SelectMany(folder => new[] { "--ro-bind", folder, folder }),
            .. command.Home is { } home ? (string[])["--bind", home, SandboxPaths.Home] : ["--perms", "0755", "--size", size, "--tmpfs", SandboxPaths.Home],
            command.Writable ? "--bind" : "--ro-bind", command.Worktree, SandboxPaths.Worktree,
            "--remount-ro", "/",
        ];
    }

    /// <summary>Folders that the command's search path and its node's have in common, the standard ones first.</summary>
    public static string SearchPath(SandboxOptions options) => string.Join(':',
        StandardPath
            .Concat(ToolPath.Folders.Where(folder => options.ToolFolders.Prepend("/usr").Any(seen => (folder + '/').StartsWith(seen.TrimEnd('/') + '/', StringComparison.Ordinal))))
            .Concat(options.ToolFolders.SelectMany(folder => new[] { Path.Combine(folder, "bin"), folder }.Where(Directory.Exists)))
            .Distinct(StringComparer.Ordinal));

    /// <summary>The folders above mounts, which bubblewrap would make for its own eyes only.</summary>
    private static IEnumerable<string> Ancestors(IEnumerable<string> paths) => paths
        .SelectMany(path => path.Split('/').Index().Skip(2).Select(part => string.Join('/', path.Split('/').Take(part.Index))))
        .Distinct(StringComparer.Ordinal)
        .Where(folder => folder is not ("/tmp" or "/usr"))
        .SelectMany(folder => new[] { "--perms", "0755", "--dir", folder });

    private static string[] Merged(string folder) =>
        new DirectoryInfo(folder) is not { Exists: true } there ? []
        : there.LinkTarget is { } target ? ["--symlink", target, folder]
        : ["--ro-bind", folder, folder];
}
