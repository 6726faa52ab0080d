using AiCd.Agents.Sandbox;
using AiCd.Agents.Tools;

namespace AiCd.Agents.Stages;

/// <summary>What a repository tells whoever works on it, and what is in it.</summary>
/// <param name="Files">Name and text.</param>
/// <param name="Listing">Names of files, the first some hundred.</param>
internal sealed record Guidance(IReadOnlyList<(string Name, string Text)> Files, string Listing)
{
    private const int MaxLength = 20_000;
    private const int MaxFiles = 300;

    private static readonly string[] Names = ["AGENTS.md", "CLAUDE.md"];

    public static async Task<Guidance> ReadAsync(ISandbox sandbox, string worktree, CancellationToken cancellationToken)
    {
        var files = new List<(string, string)>();
        var reader = new Worktree(sandbox, worktree, writable: false);
        foreach (var name in Names)
        {
            if (await reader.ReadAsync(name, cancellationToken) is WorktreeEntry.TextFile { Text: var text }
                && !string.IsNullOrWhiteSpace(text) && files.All(known => known.Item2 != text))
            {
                files.Add((name, text.Length > MaxLength ? text[..MaxLength] : text));
            }
        }

        var listed = await sandbox.RunAsync(
            new SandboxCommand
            {
                Worktree = worktree,
                Arguments = ["rg", "--files", "--hidden", "--glob", "!.git", "--sort", "path"],
                Writable = false,
                Timeout = TimeSpan.FromSeconds(30),
                OutputLimit = 1024 * 1024,
            },
            cancellationToken);
        var names = listed.StandardOutput.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var listing = string.Join('\n', names.Take(MaxFiles));
        return new Guidance(files, names.Length > MaxFiles ? $"{listing}\n({names.Length - MaxFiles} more)" : listing);
    }
}
