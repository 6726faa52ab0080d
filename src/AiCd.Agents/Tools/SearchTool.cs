using System.Text.Json;
using AiCd.Agents.Models;
using AiCd.Agents.Sandbox;

namespace AiCd.Agents.Tools;

/// <summary>Searches the repository with ripgrep.</summary>
internal sealed class SearchTool(ISandbox sandbox, string worktree) : IAgentTool
{
    public const string Name = "search";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public ToolDefinition Definition { get; } = ToolSchema.Define(
        Name,
        "Searches the files of the repository for a regular expression and shows the lines that match, with file and line number. "
        + "An empty pattern lists the files.",
        """
        {
          "type": "object",
          "properties": {
            "pattern": { "type": "string", "description": "A regular expression, as ripgrep understands it" },
            "path": { "type": "string", "description": "A file or folder to search in; the whole repository without it" },
            "glob": { "type": "string", "description": "Only files whose path matches, such as *.cs" },
            "ignore_case": { "type": "boolean" }
          },
          "required": ["pattern"]
        }
        """);

    public bool ReadOnly => true;

    public string Describe(JsonElement arguments) => arguments.Text("pattern");

    public async Task<string> RunAsync(JsonElement arguments, CancellationToken cancellationToken)
    {
        var pattern = arguments.Text("pattern");
        var path = WorktreePath.Normalize("path", arguments.OptionalText("path") ?? "");
        List<string> command = ["rg", "--color", "never", "--hidden", "--glob", "!.git", "--sort", "path"];
        command.AddRange(pattern.Length == 0 ? ["--files"] : ["--line-number", "--no-heading", "--max-columns", "300", "--max-columns-preview", "--max-count", "100"]);
        if (arguments.TryGetProperty("ignore_case", out var ignore) && ignore.ValueKind == JsonValueKind.True)
        {
            command.Add("--ignore-case");
        }

        if (arguments.OptionalText("glob") is { Length: > 0 } glob)
        {
            command.AddRange(["--glob", glob]);
        }

        if (pattern.Length > 0)
        {
            command.AddRange(["--regexp", pattern]);
        }

        command.AddRange(["--", path.Length == 0 ? "." : "./" + path]);
        var result = await sandbox.RunAsync(
            new SandboxCommand { Worktree = worktree, Arguments = command, Writable = false, Timeout = Patience }, cancellationToken);
        return (result.End, result.ExitCode) switch
        {
            (SandboxEnd.Exited, 0) => result.Output,
            (SandboxEnd.Exited, 1) => "Nothing matches.",
            (SandboxEnd.Exited, _) => throw new ToolException(result.Output.Trim()),
            _ => throw new ToolException($"The search was given up: {result.Note ?? "it took too long"}"),
        };
    }
}
