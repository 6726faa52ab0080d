using AiCd.Actors.Ports;

namespace AiCd.Forge.Paths;

/// <summary>
/// Looks through a worktree before git does, for what git would step into or pass over in silence: git directories and special
/// files. Names and links are judged later, on the tree object that is to leave.
/// </summary>
internal static class TreeScan
{
    private static readonly EnumerationOptions Everything = new() { AttributesToSkip = 0, IgnoreInaccessible = false };

    /// <param name="ignored">
    /// Folders, relative to the root and with a slash at their end, which git leaves out: what is in them does not leave the worktree.
    /// </param>
    /// <exception cref="StageException">Something is refused.</exception>
    public static void Check(string root, IReadOnlySet<string> ignored, CancellationToken cancellationToken)
    {
        var folders = new Stack<string>([""]);
        while (folders.TryPop(out var folder))
        {
            cancellationToken.ThrowIfCancellationRequested();
            foreach (var name in Names(root, folder))
            {
                var path = folder + name;
                if (Judge(root, path, name, ignored))
                {
                    folders.Push(path + "/");
                }
            }
        }
    }

    /// <returns>Whether it is a folder to look into.</returns>
    private static bool Judge(string root, string path, string name, IReadOnlySet<string> ignored)
    {
        if (GitNames.IsGitDirectory(name))
        {
            throw PathRefusal.Because(path, "is a git directory, or a file that stands for one");
        }

        // A name that is not UTF-8 cannot be looked up; git stages it, and the check of the tree object refuses it if it is new.
        if (Linux.Status(Path.Combine(root, path)) is not { } status)
        {
            return false;
        }

        return status.Type switch
        {
            FileType.Folder => !ignored.Contains(path + "/"),
            FileType.Regular or FileType.Link => false,
            _ => throw PathRefusal.Because(path, $"is a special file ({status.Type})"),
        };
    }

    private static IEnumerable<string> Names(string root, string folder)
    {
        try
        {
            return [.. Directory.EnumerateFileSystemEntries(Path.Combine(root, folder), "*", Everything).Select(entry => Path.GetFileName(entry)!)];
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            throw PathRefusal.Because(folder, $"cannot be looked into: {e.Message}");
        }
    }
}
