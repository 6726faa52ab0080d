using System.Text;

namespace AiCd.Agents.Mock;

/// <summary>
/// Looks at files of a worktree by names that somebody else chose. No name leads out of the worktree, into git's own files or
/// through a link.
/// </summary>
internal static class WorktreeFiles
{
    private const int MaxPathLength = 200;
    private const int MaxTextLength = 256 * 1024;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Whether the path names a regular file that is there and not empty.</summary>
    public static bool IsFile(string worktree, string path) => Find(worktree, path) is not null;

    /// <returns>The file's text, or null where it is not a file to append a line to: missing, too long, or not UTF-8 text.</returns>
    public static async Task<string?> ReadTextAsync(string worktree, string path, CancellationToken cancellationToken)
    {
        if (Find(worktree, path) is not { Length: <= MaxTextLength } file)
        {
            return null;
        }

        var bytes = await File.ReadAllBytesAsync(file.FullName, cancellationToken);
        try
        {
            return bytes.Contains((byte)0) ? null : StrictUtf8.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    /// <summary>Whether a file may be written there: no part of the path is a link, and none but the last is a file.</summary>
    public static bool MayWrite(string worktree, string path) =>
        IsPlain(path) && Ancestors(worktree, path).All(folder => folder.LinkTarget is null && !File.Exists(folder.FullName))
        && Entry(worktree, path) is { LinkTarget: null } file && !Directory.Exists(file.FullName);

    private static FileInfo? Find(string worktree, string path)
    {
        if (!IsPlain(path) || !Ancestors(worktree, path).All(folder => folder is { Exists: true, LinkTarget: null }))
        {
            return null;
        }

        // An empty file may be a pipe or a device, whose reading has no end.
        return Entry(worktree, path) is { Exists: true, LinkTarget: null, Length: > 0 } file ? file : null;
    }

    private static bool IsPlain(string path) =>
        path.Length is > 0 and <= MaxPathLength
        && !path.Any(c => c == '\\' || char.IsControl(c))
        && path.Split('/').All(part => part is not ("" or "." or "..") && !part.Equals(".git", StringComparison.OrdinalIgnoreCase));

    private static FileInfo Entry(string worktree, string path) => new(Path.Combine(worktree, path));

    private static IEnumerable<DirectoryInfo> Ancestors(string worktree, string path)
    {
        var folder = worktree;
        foreach (var part in path.Split('/').SkipLast(1))
        {
            folder = Path.Combine(folder, part);
            yield return new DirectoryInfo(folder);
        }
    }
}
