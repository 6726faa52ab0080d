using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace AiCd.Forge.Paths;

/// <summary>
/// System calls that work relative to an open folder and never follow a link: what was checked is what is used, however names
/// change meanwhile. Linux only; the constants are the kernel's.
/// </summary>
internal static partial class Linux
{
    public const int NoEntry = 2;
    public const int Exists = 17;
    public const int NotFolder = 20;
    public const int IsFolder = 21;
    public const int NotEmpty = 39;
    public const int TooManyLinks = 40;

    private const int CurrentFolder = -100;
    private const int WriteOnly = 0x1;
    private const int Create = 0x40;
    private const int Exclusive = 0x80;
    private const int CloseOnExec = 0x80000;
    private const int SymlinkNoFollow = 0x100;
    private const int RemoveFolder = 0x200;
    private const uint TypeAndMode = 0x3;
    private const int LongestPath = 4096;

    // The ARM kernels number these two differently from the others.
    private static readonly bool IsArm = RuntimeInformation.ProcessArchitecture is Architecture.Arm or Architecture.Arm64;
    private static readonly int Folder = IsArm ? 0x4000 : 0x10000;
    private static readonly int NoFollow = IsArm ? 0x8000 : 0x20000;

    /// <returns>An invalid handle where it cannot be opened; the error is <see cref="LastError"/>.</returns>
    public static SafeFileHandle OpenRoot(string path) => OpenAt(CurrentFolder, path, Folder | CloseOnExec, 0);

    /// <inheritdoc cref="OpenRoot"/>
    public static SafeFileHandle OpenFolder(SafeFileHandle parent, string name) => OpenAt(parent, name, Folder | NoFollow | CloseOnExec, 0);

    /// <summary>Fails if anything of that name is there, a dangling link included.</summary>
    public static SafeFileHandle CreateFile(SafeFileHandle parent, string name, uint mode) =>
        OpenAt(parent, name, WriteOnly | Create | Exclusive | NoFollow | CloseOnExec, mode);

    public static bool TryMakeFolder(SafeFileHandle parent, string name) => MakeDirAt(parent, name, 0b111_101_101) == 0;

    public static bool TryDeleteFile(SafeFileHandle parent, string name) => UnlinkAt(parent, name, 0) == 0;

    public static bool TryDeleteFolder(SafeFileHandle parent, string name) => UnlinkAt(parent, name, RemoveFolder) == 0;

    /// <returns>Null where nothing has that name.</returns>
    public static FileStatus? Status(SafeFileHandle parent, string name) =>
        Read(StatX(parent, name, SymlinkNoFollow, TypeAndMode, out var status), status, name);

    /// <inheritdoc cref="Status(SafeFileHandle, string)"/>
    public static FileStatus? Status(string path) =>
        Read(StatX(CurrentFolder, path, SymlinkNoFollow, TypeAndMode, out var status), status, path);

    /// <returns>Null where it is no link.</returns>
    public static string? ReadLink(SafeFileHandle parent, string name)
    {
        var target = new byte[LongestPath];
        var length = ReadLinkAt(parent, name, target, (nuint)target.Length);
        return length < 0 ? null : Encoding.UTF8.GetString(target, 0, (int)length);
    }

    /// <summary>Gives a file a second name on the same file system.</summary>
    public static bool TryLink(string existing, string name) => Link(existing, name) == 0;

    /// <returns>Null where the path leads nowhere.</returns>
    public static string? RealPath(string path)
    {
        var resolved = new byte[LongestPath];
        return ResolvePath(path, resolved) == 0 ? null : Encoding.UTF8.GetString(resolved, 0, Array.IndexOf(resolved, (byte)0));
    }

    public static int LastError => Marshal.GetLastPInvokeError();

    public static Win32Exception Error(string what) => new(LastError, $"{what}: {Marshal.GetLastPInvokeErrorMessage()}");

    private static FileStatus? Read(int result, StatXBuffer status, string path) =>
        result == 0 ? new FileStatus(status.Mode) : LastError is NoEntry or NotFolder ? null : throw Error(path);

    [LibraryImport("libc", EntryPoint = "openat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial SafeFileHandle OpenAt(SafeFileHandle parent, string name, int flags, uint mode);

    [LibraryImport("libc", EntryPoint = "openat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial SafeFileHandle OpenAt(int parent, string path, int flags, uint mode);

    [LibraryImport("libc", EntryPoint = "mkdirat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int MakeDirAt(SafeFileHandle parent, string name, uint mode);

    [LibraryImport("libc", EntryPoint = "unlinkat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int UnlinkAt(SafeFileHandle parent, string name, int flags);

    [LibraryImport("libc", EntryPoint = "readlinkat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint ReadLinkAt(SafeFileHandle parent, string name, Span<byte> target, nuint size);

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Link(string existing, string name);

    [LibraryImport("libc", EntryPoint = "realpath", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint ResolvePath(string path, Span<byte> resolved);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int StatX(SafeFileHandle parent, string name, int flags, uint mask, out StatXBuffer status);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int StatX(int parent, string path, int flags, uint mask, out StatXBuffer status);

    /// <summary>struct statx, the same on every architecture; only the mode is read.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct StatXBuffer
    {
        [FieldOffset(28)]
        public ushort Mode;
    }
}
