using System.Text;
using AiCd.Actors.Jobs;

namespace AiCd.Forge.Worktrees;

/// <summary>Makes a message that git and people can read of whatever an agent gave. Trailers such as Co-authored-by are left.</summary>
internal static class CommitMessage
{
    private const int MaxLength = 32 * 1024;

    public static string Of(string? text, JobId job)
    {
        var clean = new StringBuilder();
        foreach (var rune in (text ?? "").ReplaceLineEndings("\n").EnumerateRunes())
        {
            if (rune.Value is '\n' or '\t' || !Rune.IsControl(rune))
            {
                clean.Append(rune);
            }
        }

        var lines = clean.ToString().Split('\n').Select(line => line.TrimEnd());
        var message = string.Join('\n', lines).Trim('\n').TrimStart();
        return message.Length == 0 ? $"Change for job {job}" : Cut(message);
    }

    private static string Cut(string message)
    {
        if (message.Length <= MaxLength)
        {
            return message;
        }

        var end = char.IsHighSurrogate(message[MaxLength - 1]) ? MaxLength - 1 : MaxLength;
        return message[..end] + "…";
    }
}
