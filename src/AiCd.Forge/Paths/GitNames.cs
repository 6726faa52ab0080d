using System.Text.RegularExpressions;

namespace AiCd.Forge.Paths;

/// <summary>Names that git, or a file system that folds names, takes for the git directory or for files that steer git.</summary>
internal static partial class GitNames
{
    public const string Modules = ".gitmodules";

    private static readonly string[] SteeringFiles = [Modules, ".gitattributes", ".gitignore", ".mailmap"];

    /// <summary>Whether the name is <c>.git</c> in any disguise: case, ignorable characters, NTFS streams and short names.</summary>
    public static bool IsGitDirectory(string name) => Plain(name) is var plain && (plain == ".git" || ShortGit().IsMatch(plain));

    /// <summary>Whether the name is not <c>.gitmodules</c> but would be taken for it.</summary>
    public static bool IsDisguisedModules(string name) =>
        name != Modules && Plain(name) is var plain && (plain == Modules || ShortModules().IsMatch(plain));

    /// <summary>Whether git reads the file for instructions; it must not do so through a link.</summary>
    public static bool IsSteeringFile(string name) => SteeringFiles.Contains(Plain(name));

    private static string Plain(string name) => Glyphs.Fold(name).Split(':')[0].TrimEnd('.', ' ');

    [GeneratedRegex(@"^git~\d+$")]
    private static partial Regex ShortGit();

    [GeneratedRegex(@"^(gitmod~\d+|gi7eba~\d+)$")]
    private static partial Regex ShortModules();
}
