using Microsoft.Win32.SafeHandles;

namespace AiCd.Forge.Paths;

/// <summary>A way from the root of a worktree down through folders that are open, so that none can be swapped for a link.</summary>
internal sealed class OpenFolders : IDisposable
{
    private readonly SafeFileHandle _root;
    private readonly Stack<(string Name, SafeFileHandle Folder)> _steps = new();

    public OpenFolders(string root)
    {
        _root = Linux.OpenRoot(root);
        if (_root.IsInvalid)
        {
            throw new IOException($"The worktree cannot be opened: {root}", Linux.Error(root));
        }
    }

    public SafeFileHandle Current => _steps.TryPeek(out var step) ? step.Folder : _root;

    public int Depth => _steps.Count;

    /// <summary>The path of something in the current folder, relative to the root.</summary>
    public string PathOf(string name) => string.Join('/', [.. _steps.Reverse().Select(step => step.Name), name]);

    /// <returns>Whether there is such a folder; a link to one is none.</returns>
    public bool TryEnter(string name)
    {
        var folder = Linux.OpenFolder(Current, name);
        if (folder.IsInvalid)
        {
            folder.Dispose();
            return false;
        }

        _steps.Push((name, folder));
        return true;
    }

    /// <returns>The name of the folder that was left.</returns>
    public string Leave()
    {
        var (name, folder) = _steps.Pop();
        folder.Dispose();
        return name;
    }

    public void Dispose()
    {
        while (_steps.Count > 0)
        {
            Leave();
        }

        _root.Dispose();
    }
}
