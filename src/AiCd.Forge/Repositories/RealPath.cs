using AiCd.Forge.Paths;

namespace AiCd.Forge.Repositories;

/// <summary>Paths with every link resolved.</summary>
internal static class RealPath
{
    /// <summary>The real path of what is there; what is missing at its end is kept as it is.</summary>
    public static string Of(string path)
    {
        if (Linux.RealPath(path) is { } real)
        {
            return real;
        }

        return Path.GetDirectoryName(path) is { } parent ? Path.Combine(Of(parent), Path.GetFileName(path)) : path;
    }

    /// <summary>Whether a real path is the folder, or lies under it.</summary>
    public static bool IsWithin(string path, string folder)
    {
        var root = Path.TrimEndingDirectorySeparator(Of(Path.GetFullPath(folder)));
        return path == root || path.StartsWith(root.EndsWith('/') ? root : root + "/", StringComparison.Ordinal);
    }
}
