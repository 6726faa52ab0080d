using AiCd.Testing.Models;

namespace AiCd.Host.Tests.EndToEnd;

/// <summary>A repository with a real mistake and a failing test, an issue for it, and a model server that the executable talks to.</summary>
internal sealed class ModelBench : IAsyncDisposable
{
    private readonly string _agent;

    private ModelBench(string agent, Workbench bench, ModelServer server)
    {
        _agent = agent;
        Bench = bench;
        Server = server;
    }

    public Workbench Bench { get; }

    public ModelServer Server { get; }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static async Task<ModelBench> StartAsync(string agent, Func<ModelCall, ModelReply> script)
    {
        var bench = await Workbench.CreateAsync();
        await bench.Repository.CommitFileAsync("sum.sh", "echo $(($1 * $2))\n", "Add sum", Cancelled);
        await bench.Repository.CommitFileAsync(
            "test.sh", "[ \"$(bash sum.sh 1 2)\" = 3 ] && echo passed || { echo failed; exit 1; }\n", "Test sum", Cancelled);
        await bench.Repository.CommitFileAsync(".aicd.yml", "version: 1\ntest: bash test.sh\n", "Say how sum is tested", Cancelled);
        await File.WriteAllTextAsync(bench.Issue, "# sum multiplies\n\n`sum.sh 1 2` gives 2, not 3.\n", Cancelled);
        return new ModelBench(agent, bench, await ModelServer.StartAsync(script, Cancelled));
    }

    public Setup Setup => new()
    {
        Variables = new Dictionary<string, string?>
        {
            ["ANTHROPIC_API_KEY"] = ModelServer.Key,
            ["ANTHROPIC_BASE_URL"] = Server.Url,
            ["OPENAI_API_KEY"] = ModelServer.Key,
            ["OPENAI_BASE_URL"] = Server.OpenAiUrl,
        },
    };

    public string[] Run(params string[] more) => Bench.Run(["--agent", _agent, .. more]);

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        Bench.Dispose();
    }
}
