using System.ComponentModel;
using System.Text;
using AiCd.Actors.Ports;

namespace AiCd.Forge.Paths;

/// <summary>
/// Writes and deletes files of a worktree in which anything may have been planted. A path is walked folder by folder through
/// open handles and no link is followed by the kernel; a link that stays inside the worktree is followed here, step by step.
/// </summary>
internal sealed class WorktreeFiles
{
    private const int MaxLinks = 40;
    private const uint PlainFile = 0b110_100_100;
    private const uint ExecutableFile = 0b111_101_101;

    private readonly string _root;

    public WorktreeFiles(string root)
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new StageException(FaultKind.Permanent, "platform_not_supported", "Worktrees are written safely on Linux only");
        }

        _root = root;
    }

    /// <returns>The path of the file that was written: another one where the given one leads through a link.</returns>
    /// <exception cref="StageException">The path is refused.</exception>
    public string Write(string path, string content) => Guard(path, () =>
    {
        using var folders = new OpenFolders(_root);
        var name = Walk(folders, path, makeFolders: true, followLast: true)!;
        var old = Linux.Status(folders.Current, name);
        if (old is { Type: not FileType.Regular } other)
        {
            throw PathRefusal.Because(path, other.Type == FileType.Folder ? "is a folder" : "is not a regular file");
        }

        // Replaced rather than overwritten: the old file may be a hard link to one outside.
        if (old is not null && !Linux.TryDeleteFile(folders.Current, name))
        {
            throw Linux.Error(path);
        }

        using var file = Linux.CreateFile(folders.Current, name, old is { IsExecutable: true } ? ExecutableFile : PlainFile);
        if (file.IsInvalid)
        {
            throw Linux.Error(path);
        }

        RandomAccess.Write(file, Encoding.UTF8.GetBytes(content), fileOffset: 0);
        return folders.PathOf(name);
    });

    /// <summary>Deletes the file, and the folders that it leaves empty. A link is deleted itself; a file that is not there is no error.</summary>
    /// <exception cref="StageException">The path is refused.</exception>
    public void Delete(string path) => Guard(path, () =>
    {
        using var folders = new OpenFolders(_root);
        if (Walk(folders, path, makeFolders: false, followLast: false) is not { } name)
        {
            return path;
        }

        if (!Linux.TryDeleteFile(folders.Current, name) && Linux.LastError != Linux.NoEntry)
        {
            throw Linux.LastError == Linux.IsFolder ? PathRefusal.Because(path, "is a folder") : Linux.Error(path);
        }

        while (folders.Depth > 0)
        {
            var folder = folders.Leave();
            if (!Linux.TryDeleteFolder(folders.Current, folder))
            {
                break;
            }
        }

        return path;
    });

    /// <summary>Goes down to the folder of the path's last part.</summary>
    /// <returns>The last part's name; null where a folder on the way is missing and is not to be made.</returns>
    private static string? Walk(OpenFolders folders, string path, bool makeFolders, bool followLast)
    {
        var ahead = new Stack<string>(path.Split('/').Reverse());
        for (var links = 0; ;)
        {
            var name = ahead.Pop();
            if (name == "..")
            {
                Leave(folders, path);
                continue;
            }

            var last = ahead.Count == 0;
            if (last && !followLast)
            {
                return name;
            }

            if (Linux.ReadLink(folders.Current, name) is { } target)
            {
                if (++links > MaxLinks)
                {
                    throw PathRefusal.Because(path, "leads through too many links");
                }

                Push(ahead, target, path);
            }
            else if (last)
            {
                PathRules.Check(folders.PathOf(name));
                return name;
            }
            else if (!Enter(folders, name, path, makeFolders))
            {
                return null;
            }
        }
    }

    private static void Push(Stack<string> ahead, string target, string path)
    {
        if (target.StartsWith('/'))
        {
            throw PathRefusal.Because(path, $"leads through a link out of the worktree, to {PathRefusal.Shown(target)}");
        }

        foreach (var part in target.Split('/').Where(part => part is not ("" or ".")).Reverse())
        {
            ahead.Push(part);
        }

        if (ahead.Count == 0 || ahead.Last() == "..")
        {
            throw PathRefusal.Because(path, "is a link to a folder");
        }
    }

    private static void Leave(OpenFolders folders, string path)
    {
        if (folders.Depth == 0)
        {
            throw PathRefusal.Because(path, "leads through a link out of the worktree");
        }

        folders.Leave();
    }

    private static bool Enter(OpenFolders folders, string name, string path, bool makeFolders)
    {
        if (folders.TryEnter(name))
        {
            return true;
        }

        if (Linux.LastError == Linux.NoEntry)
        {
            if (!makeFolders)
            {
                return false;
            }

            if ((Linux.TryMakeFolder(folders.Current, name) || Linux.LastError == Linux.Exists) && folders.TryEnter(name))
            {
                return true;
            }
        }

        throw Linux.LastError is Linux.NotFolder or Linux.TooManyLinks
            ? PathRefusal.Because(path, $"leads through '{PathRefusal.Shown(folders.PathOf(name))}', which is not a folder")
            : Linux.Error(path);
    }

    private static string Guard(string path, Func<string> action)
    {
        try
        {
            return action();
        }
        catch (Win32Exception e)
        {
            throw new StageException(FaultKind.Transient, "file_not_written",
                $"The path '{PathRefusal.Shown(path)}' cannot be changed: {e.Message}", e);
        }
    }
}
