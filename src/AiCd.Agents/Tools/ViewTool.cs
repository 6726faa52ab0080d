using System.Globalization;
using System.Text;
using System.Text.Json;
using AiCd.Agents.Models;

namespace AiCd.Agents.Tools;

/// <summary>Shows a file with line numbers, or what is in a folder.</summary>
internal sealed class ViewTool(Worktree worktree) : IAgentTool
{
    public const string Name = "view";

    private const int MaxLines = 800;
    private const int MaxLineLength = 500;

    public ToolDefinition Definition { get; } = ToolSchema.Define(
        Name,
        "Shows a text file with line numbers, or the names in a folder. At most 800 lines at a time: ask for the range that you need.",
        """
        {
          "type": "object",
          "properties": {
            "path": { "type": "string", "description": "Relative to the root of the repository" },
            "start_line": { "type": "integer", "description": "From 1" },
            "end_line": { "type": "integer" }
          },
          "required": ["path"]
        }
        """);

    public bool ReadOnly => true;

    public string Describe(JsonElement arguments) => arguments.Text("path");

    public async Task<string> RunAsync(JsonElement arguments, CancellationToken cancellationToken)
    {
        var path = WorktreePath.Normalize("path", arguments.Text("path"));
        var first = arguments.OptionalNumber("start_line", 1, int.MaxValue) ?? 1;
        var last = arguments.OptionalNumber("end_line", 1, int.MaxValue) ?? int.MaxValue;
        return await worktree.ReadAsync(path, cancellationToken) switch
        {
            WorktreeEntry.TextFile file => Numbered(path, file.Text, first, last),
            WorktreeEntry.Folder folder => folder.Listing.Length > 0 ? folder.Listing : "(an empty folder)",
            WorktreeEntry.Unreadable unreadable => throw new ToolException($"{path} cannot be shown: {unreadable.Why}"),
            _ => throw new ToolException($"path: expected a file or folder of the repository, got '{path}', which is not there"),
        };
    }

    private static string Numbered(string path, string text, int first, int last)
    {
        var lines = text.Split('\n');
        var count = lines[^1].Length == 0 ? lines.Length - 1 : lines.Length;
        if (count == 0)
        {
            return "(an empty file)";
        }

        if (first > count || last < first)
        {
            throw new ToolException($"start_line, end_line: expected a range within the {count} lines of {path}, got {first} to {last}");
        }

        last = Math.Min(Math.Min(last, count), first + MaxLines - 1);
        var shown = new StringBuilder();
        for (var number = first; number <= last; number++)
        {
            var line = lines[number - 1].TrimEnd('\r');
            shown.Append(CultureInfo.InvariantCulture, $"{number,6}\t").Append(line.Length > MaxLineLength ? line[..MaxLineLength] + "…" : line).Append('\n');
        }

        return last < count ? shown.Append(CultureInfo.InvariantCulture, $"({count - last} more lines)").ToString() : shown.ToString();
    }
}
