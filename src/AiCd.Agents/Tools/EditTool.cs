using System.Text.Json;
using AiCd.Agents.Models;
using AiCd.Agents.Sandbox;

namespace AiCd.Agents.Tools;

/// <summary>Replaces a text that a file has exactly once, or makes a new file.</summary>
internal sealed class EditTool(Worktree worktree, StagePolicy policy) : IAgentTool
{
    public const string Name = "edit";

    private const int ContextLines = 3;

    public ToolDefinition Definition { get; } = ToolSchema.Define(
        Name,
        "Changes a text file: replaces old_text, which must occur in it exactly once, character by character, by new_text. "
        + "Without old_text it makes a new file with new_text. To delete or move a file, use bash.",
        """
        {
          "type": "object",
          "properties": {
            "path": { "type": "string", "description": "Relative to the root of the repository" },
            "old_text": { "type": "string", "description": "With enough lines around it to be the only one; leave it out to make a file" },
            "new_text": { "type": "string" }
          },
          "required": ["path", "new_text"]
        }
        """);

    public bool ReadOnly => false;

    public string Describe(JsonElement arguments) => arguments.Text("path");

    public async Task<string> RunAsync(JsonElement arguments, CancellationToken cancellationToken)
    {
        var path = WorktreePath.Normalize("path", arguments.Text("path"));
        if (policy.IsProtected(path))
        {
            throw new ToolException($"path: expected a path that may be changed, got '{path}', which is protected");
        }

        var (old, text) = (arguments.OptionalText("old_text"), arguments.Text("new_text"));
        var entry = await worktree.ReadAsync(path, cancellationToken);
        return string.IsNullOrEmpty(old)
            ? await CreateAsync(path, entry, text, cancellationToken)
            : await ReplaceAsync(path, entry, old, text, cancellationToken);
    }

    private async Task<string> CreateAsync(string path, WorktreeEntry entry, string text, CancellationToken cancellationToken)
    {
        if (entry is not (WorktreeEntry.Missing or WorktreeEntry.TextFile { Text.Length: 0 }))
        {
            throw new ToolException($"old_text: expected a text of {path}, which is there already, got nothing");
        }

        await worktree.WriteAsync(path, text, cancellationToken);
        return $"Made {path}.";
    }

    private async Task<string> ReplaceAsync(string path, WorktreeEntry entry, string old, string text, CancellationToken cancellationToken)
    {
        var content = entry switch
        {
            WorktreeEntry.TextFile file => file.Text,
            WorktreeEntry.Unreadable unreadable => throw new ToolException($"{path} cannot be edited: {unreadable.Why}"),
            _ => throw new ToolException($"path: expected a file of the repository, got '{path}', which is none"),
        };

        // A model is shown lines without their ends: in a file of Windows it cannot know better.
        if (!content.Contains(old, StringComparison.Ordinal) && content.Contains("\r\n", StringComparison.Ordinal))
        {
            (old, text) = (WithCarriageReturns(old), WithCarriageReturns(text));
        }

        var at = content.IndexOf(old, StringComparison.Ordinal);
        if (at < 0)
        {
            throw new ToolException($"old_text: expected a text that {path} has exactly once, got one that it does not have");
        }

        if (content.IndexOf(old, at + 1, StringComparison.Ordinal) >= 0)
        {
            throw new ToolException($"old_text: expected a text that {path} has exactly once, got one that it has more often; add lines around it");
        }

        var changed = string.Concat(content.AsSpan(0, at), text, content.AsSpan(at + old.Length));
        await worktree.WriteAsync(path, changed, cancellationToken);
        return $"Changed {path}. It reads now:\n{Around(changed, at, text.Length)}";
    }

    private static string WithCarriageReturns(string text) => text.ReplaceLineEndings("\r\n");

    private static string Around(string text, int at, int length)
    {
        var before = text.AsSpan(0, at).Count('\n');
        var after = text.AsSpan(0, at + length).Count('\n');
        var lines = text.Split('\n');
        var first = Math.Max(0, before - ContextLines);
        var last = Math.Min(lines.Length - 1, after + ContextLines);
        return string.Join('\n', Enumerable.Range(first, last - first + 1).Select(index => $"{index + 1,6}\t{lines[index].TrimEnd('\r')}"));
    }
}
