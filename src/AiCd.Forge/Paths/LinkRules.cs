namespace AiCd.Forge.Paths;

/// <summary>Where a symbolic link in a change may lead. Pure.</summary>
internal static class LinkRules
{
    /// <returns>Why the link is refused, as the end of a sentence, or null.</returns>
    /// <remarks>
    /// Only leading `..` are accepted, and no more of them than the link's folder is deep. A folder of a tree is never a link,
    /// so these steps stay inside; what follows goes down, through links that are judged by this same rule. A `..` after a name
    /// would step back from wherever that name leads, which may be elsewhere than the text suggests.
    /// </remarks>
    public static string? Objection(string path, string target)
    {
        var name = path[(path.LastIndexOf('/') + 1)..];
        if (GitNames.IsSteeringFile(name))
        {
            return "is a link, which git does not follow for its own files";
        }

        if (target.StartsWith('/') || target.Contains('\\') || target.Contains(':') || target.Contains('\0'))
        {
            return $"is a link out of the repository, to {PathRefusal.Shown(target)}";
        }

        var parts = target.Split('/').Where(part => part is not ("" or ".")).ToArray();
        var up = parts.TakeWhile(part => part == "..").Count();
        if (up > path.Count(character => character == '/') || parts.Skip(up).Contains(".."))
        {
            return $"is a link that may lead out of the repository, to {PathRefusal.Shown(target)}";
        }

        return parts.Any(GitNames.IsGitDirectory) ? "is a link into a git directory" : null;
    }
}
