using System.Globalization;
using System.Text.Json;
using AiCd.Agents.Models;
using AiCd.Agents.Sandbox;

namespace AiCd.Agents.Tools;

/// <summary>A fresh shell in the sandbox for every call.</summary>
internal sealed class BashTool(ISandbox sandbox, string worktree, NetworkPolicy network, TimeSpan longest) : IAgentTool
{
    public const string Name = "bash";

    public ToolDefinition Definition { get; } = ToolSchema.Define(
        Name,
        "Runs a command in a new bash shell at the root of the repository. Nothing of the shell outlives the call but what it wrote to files of the repository. "
        + "Long output is cut in the middle. There is no terminal to type into"
        + (network == NetworkPolicy.None ? ", and no network." : "."),
        """
        {
          "type": "object",
          "properties": {
            "command": { "type": "string", "description": "The script to run" },
            "timeout_seconds": { "type": "integer", "description": "When to give up, if earlier than usual" }
          },
          "required": ["command"]
        }
        """);

    public bool ReadOnly => false;

    public string Describe(JsonElement arguments) => arguments.Text("command");

    public async Task<string> RunAsync(JsonElement arguments, CancellationToken cancellationToken)
    {
        var asked = arguments.OptionalNumber("timeout_seconds", 1, 24 * 60 * 60);
        var timeout = asked is { } seconds && TimeSpan.FromSeconds(seconds) < longest ? TimeSpan.FromSeconds(seconds) : longest;
        var command = SandboxCommand.Shell(worktree, arguments.Text("command")) with { Timeout = timeout, Network = network };
        var result = await sandbox.RunAsync(command, cancellationToken);
        return $"{result.Output}{(result.Output.Length > 0 && !result.Output.EndsWith('\n') ? "\n" : "")}{End(result, timeout)}";
    }

    private static string End(SandboxResult result, TimeSpan timeout) => result.End switch
    {
        SandboxEnd.TimedOut => string.Create(CultureInfo.InvariantCulture, $"[killed: it took longer than {timeout.TotalSeconds:0} seconds]"),
        SandboxEnd.KilledByLimit => $"[killed: {result.Note ?? "it used more than it may"}]",
        _ => result.Note is { } note ? $"[exit code {result.ExitCode}; {note}]" : $"[exit code {result.ExitCode}]",
    };
}
