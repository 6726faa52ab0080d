using System.Text.Json;
using AiCd.Agents.Sandbox;
using AiCd.Agents.Tools;
using AiCd.Testing;
using Microsoft.Extensions.Options;

namespace AiCd.Agents.Tests.Tools;

/// <summary>A worktree and the node's own way to run commands in it, without a sandbox: what the tools make of them is what is tried here.</summary>
internal sealed class ToolBench : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly NodeSandbox _sandbox = new(Options.Create(new SandboxOptions { Mode = SandboxMode.None }), TimeProvider.System);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public string Location => _folder.Location;

    public BashTool Bash(TimeSpan? longest = null) => new(_sandbox, Location, NetworkPolicy.None, longest ?? TimeSpan.FromMinutes(1));

    public ViewTool View => new(new Worktree(_sandbox, Location, writable: false));

    public EditTool Edit(StagePolicy? policy = null) => new(new Worktree(_sandbox, Location, writable: true), policy ?? new StagePolicy());

    public SearchTool Search => new(_sandbox, Location);

    public void Write(string path, string content)
    {
        var full = Path.Combine(Location, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, content);
    }

    public string Read(string path) => File.ReadAllText(Path.Combine(Location, path));

    public static Task<string> RunAsync(IAgentTool tool, object arguments) => tool.RunAsync(JsonSerializer.SerializeToElement(arguments), Cancelled);

    /// <returns>What the model is told of a call that the tool refuses.</returns>
    public static async Task<string> RefusalAsync(IAgentTool tool, object arguments) => (await Should.ThrowAsync<ToolException>(RunAsync(tool, arguments))).Message;

    public void Dispose()
    {
        _sandbox.Dispose();
        _folder.Dispose();
    }
}
