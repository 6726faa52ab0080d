using System.Text.Json;
using AiCd.Actors.Jobs.Payloads;
using AiCd.Actors.Journal;
using AiCd.Actors.Journal.Sqlite;
using AiCd.Testing;

namespace AiCd.Host.Tests.EndToEnd;

/// <summary>A repository and an agent that is a script in a tool folder.</summary>
internal sealed class CommandBench : IDisposable
{
    private const string AgentScript = """
        #!/bin/bash
        cat > /dev/null
        case "$1" in
        plan) echo '{"contract":1,"plan":{"summary":"Plan","steps":["one"]}}' ;;
        code)
        { CODE
        } >&2
        echo '{"contract":1,"code":{"commitMessage":"Change it","summary":"Changed"}}' ;;
        review) echo '{"contract":1,"review":{"verdict":"APPROVE","summary":"Fine"}}' ;;
        esac
        """;

    private readonly TemporaryFolder _tools = new();

    private CommandBench(Workbench bench)
    {
        Bench = bench;

        // Where the node is root, commands are somebody else, and tools must be readable for them.
        File.SetUnixFileMode(Tools, (UnixFileMode)Convert.ToInt32("755", 8));
    }

    public Workbench Bench { get; }

    public GitRepository Repository => Bench.Repository;

    public string Tools => _tools.Location;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <param name="policy">The base branch's <c>.aicd.yml</c>, or null for none.</param>
    public static async Task<CommandBench> CreateAsync(string? policy = null)
    {
        var bench = new CommandBench(await Workbench.CreateAsync());
        if (policy is not null)
        {
            await bench.Repository.CommitFileAsync(".aicd.yml", policy, "Say how AiCd works here", Cancelled);
        }

        return bench;
    }

    /// <param name="code">What the agent does in the worktree; $1 is the stage and $2 the round.</param>
    public async Task<Setup> AgentAsync(string code)
    {
        await File.WriteAllTextAsync(Path.Combine(Tools, "agent.sh"), AgentScript.Replace("CODE", code, StringComparison.Ordinal), Cancelled);
        return With("bash", Path.Combine(Tools, "agent.sh"), "{stage}", "{round}");
    }

    public Setup With(params string[] arguments) => arguments.Index().Aggregate(
        Setup.Of("Sandbox:ToolFolders:0", Tools), (setup, argument) => setup.With($"Agents:Command:Arguments:{argument.Index}", argument.Item));

    public async Task<(ProcessResult Process, RunLines Lines)> RunAsync(Setup setup)
    {
        var run = await Aicd.RunAsync(setup, Bench.Run("--agent", "command"));
        return (run, RunLines.Parse(run.Output));
    }

    /// <summary>What the job's events of that name keep of that kind, in one text.</summary>
    public async Task<string> ArtifactAsync(RunLines lines, string name, string kind)
    {
        await using var store = await SqliteStore.OpenReadOnlyAsync(Bench.Data, cancellationToken: Cancelled);
        var reader = new ArtifactReader(store.Artifacts);
        var texts = new List<string>();
        foreach (var artifact in lines.Of(name).SelectMany(e => e.GetProperty("data").GetProperty("artifacts").EnumerateArray()))
        {
            if (artifact.GetProperty("kind").GetString() == kind)
            {
                texts.Add(await reader.ReadTextAsync("default", artifact.Deserialize<ArtifactRef>(JsonSerializerOptions.Web)!, Cancelled));
            }
        }

        return string.Join('\n', texts);
    }

    public async Task<string> ReadAsync(RunLines lines, string path) =>
        await Repository.ReadFileAsync(lines.Result.GetProperty("pullRequest").GetProperty("headSha").GetString()!, path, Cancelled);

    public void Dispose()
    {
        Bench.Dispose();
        _tools.Dispose();
    }
}
