using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace AiCd.Forge.GitHub.Triggers;

/// <summary>What somebody wrote, and was found by looking. Pure.</summary>
internal static class FoundWords
{
    private const string Command = "/aicd";

    /// <summary>Whether it is worth reading by those who know commands.</summary>
    public static bool MayCommand(string? text) => text?.Contains(Command, StringComparison.Ordinal) == true;

    /// <summary>Whether it begins as a command does: such a remark on a line asks for no other change.</summary>
    public static bool IsCommand(string? text) => text?.TrimStart().StartsWith(Command + " ", StringComparison.Ordinal) == true;

    /// <summary>The same for the same words, whichever node finds them, and however often.</summary>
    public static Guid IdOf(GitHubHost host, string kind, long id)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{host.WebUrl} {kind} {id}");
        return new Guid(SHA256.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, 16));
    }
}
