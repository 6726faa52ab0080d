using AiCd.Forge.Paths;
using Microsoft.Extensions.Logging;

namespace AiCd.Forge.Repositories;

/// <summary>
/// Gives a new mirror the source's objects as hard links: a large repository is not copied when its first job comes. Git never
/// changes an object file, so neither side can harm the other. Whatever cannot be linked (another file system, another owner, a
/// file that git replaces at this moment) is fetched like anything else that the mirror lacks.
/// </summary>
internal sealed class MirrorSeed(ILogger<MirrorSeed> logger)
{
    public void Link(SourceRepository source, string mirror)
    {
        var from = Path.Combine(source.CommonDirectory, "objects");
        var to = Path.Combine(mirror, "objects");
        try
        {
            if (IsWhole(source.CommonDirectory, from) && LinkPacks(Path.Combine(from, "pack"), Path.Combine(to, "pack")))
            {
                LinkLoose(from, to);
            }
        }
        catch (IOException e)
        {
            logger.MirrorNotSeeded(source.Path, e);
        }
    }

    /// <summary>A repository that borrows objects, or has left some elsewhere, would make a mirror that looks complete and is not.</summary>
    private static bool IsWhole(string git, string objects) =>
        !File.Exists(Path.Combine(objects, "info", "alternates"))
        && !File.Exists(Path.Combine(git, "shallow"))
        && !Directory.EnumerateFiles(Path.Combine(objects, "pack"), "*.promisor").Any();

    /// <returns>Whether all could be linked.</returns>
    private static bool LinkPacks(string from, string to)
    {
        // The index last: git looks for indexes, and a pack without one does not exist to it.
        foreach (var pack in Directory.EnumerateFiles(from, "pack-*.pack"))
        {
            var index = Path.ChangeExtension(pack, ".idx");
            if (!TryLink(pack, to) || !TryLink(index, to))
            {
                return false;
            }
        }

        return true;
    }

    private static void LinkLoose(string from, string to)
    {
        foreach (var folder in Directory.EnumerateDirectories(from, "??").Where(folder => Path.GetFileName(folder).All(char.IsAsciiHexDigitLower)))
        {
            var target = Path.Combine(to, Path.GetFileName(folder));
            Directory.CreateDirectory(target);
            if (!Directory.EnumerateFiles(folder).Where(IsObject).All(file => TryLink(file, target)))
            {
                return;
            }
        }
    }

    private static bool IsObject(string file) => Path.GetFileName(file).All(char.IsAsciiHexDigitLower);

    private static bool TryLink(string file, string folder) =>
        Linux.Status(file) is { Type: FileType.Regular } && Linux.TryLink(file, Path.Combine(folder, Path.GetFileName(file)));
}
