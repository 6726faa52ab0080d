using System.CommandLine;
using AiCd.Actors.Journal;
using AiCd.Benchmarks.Cluster;
using AiCd.Benchmarks.Measures;
using AiCd.Benchmarks.Measures.Streaming;
using AiCd.Benchmarks.Micro;

namespace AiCd.Benchmarks;

/// <summary>The command line of the benchmarks.</summary>
internal static class BenchmarkCommands
{
    private static readonly Option<string?> Postgres = new("--postgres")
    {
        Description = "Connection string; without it a private PostgreSQL with default settings is started.",
        Recursive = true,
    };

    private static readonly Option<string> Engine = new("--store")
    {
        Description = "postgres, sqlite or memory.",
        DefaultValueFactory = _ => "postgres",
        Recursive = true,
    };

    private static readonly Option<bool> Json = new("--json") { Description = "Print the result as JSON.", Recursive = true };

    private static readonly Option<int> Count = new("--jobs") { Description = "How many jobs.", DefaultValueFactory = _ => 20_000 };

    private static readonly Option<int> InFlight = new("--in-flight")
    {
        Description = "How many jobs may be under way at the same time.",
        DefaultValueFactory = _ => 2_000,
    };

    private static readonly Option<int> WarmUp = new("--warm-up")
    {
        Description = "How many jobs go before those that are measured.",
        DefaultValueFactory = _ => 20_000,
    };

    private static readonly Option<int> Readers = new("--readers") { Description = "Readers of a job each.", DefaultValueFactory = _ => 1_000 };

    private static readonly Option<int> Common = new("--common") { Description = "Readers of the common stream.", DefaultValueFactory = _ => 20 };

    private static readonly Option<int> Rate = new("--rate") { Description = "Events per second.", DefaultValueFactory = _ => 500 };

    private static readonly Option<int> Seconds = new("--seconds") { Description = "How long it is measured, after five seconds of the same load.", DefaultValueFactory = _ => 30 };

    public static RootCommand Root()
    {
        var root = new RootCommand("Measures the engine of AiCd.") { Postgres, Engine, Json };
        root.Add(Measure("throughput", "N jobs through all six states", [Count, WarmUp, InFlight],
            (store, parsed, token) => Box(Throughput.RunAsync(store, parsed.GetValue(Count), parsed.GetValue(WarmUp), parsed.GetValue(InFlight), token))));
        root.Add(Measure("latency", "one job at a time on an idle node", [Count],
            (store, parsed, token) => Box(Latency.RunAsync(store, Math.Min(parsed.GetValue(Count), 2_000), token))));
        root.Add(Measure("submit", "durable submissions per second by concurrency", [Count],
            (store, parsed, token) => Box(Submit.RunAsync(store, parsed.GetValue(Count), [1, 8, 64, 256, 1_024], token))));
        root.Add(Measure("recovery", "time until all unfinished jobs are live again", [Count],
            (store, parsed, token) => Box(Recovery.RunAsync(store, parsed.GetValue(Count), token))));
        root.Add(Measure("residency-waiting", "memory with N jobs waiting", [Count],
            (store, parsed, token) => Box(Residency.WaitingAsync(store, parsed.GetValue(Count), token))));
        root.Add(Measure("residency-finished", "memory with N jobs finished", [Count],
            (store, parsed, token) => Box(Residency.FinishedAsync(store, parsed.GetValue(Count), token))));
        root.Add(Measure("list", "pages of the list with N jobs in the store", [Count],
            (store, parsed, token) => Box(ListPages.RunAsync(store, parsed.GetValue(Count), token))));
        root.Add(Measure("streams", "delivery to readers of streams on one node while events arrive", [Readers, Common, Rate, Seconds],
            (store, parsed, token) => Box(Streams.RunAsync(store, OrderOf(parsed), token))));
        root.Add(Measure("baseline", "the engine's throughput as a share of what plain batched inserts reach on the same server", [Count, WarmUp, InFlight],
            (store, parsed, token) => Box(Baseline.RunAsync(store, parsed.GetValue(Count), parsed.GetValue(WarmUp), parsed.GetValue(InFlight), token))));
        ClusterCommands.AddTo(root, Postgres, Json);
        root.Add(MicroCommand.Create());
        root.Add(AllCommand.Create());
        return root;
    }

    private static Command Measure(
        string name, string description, Option[] options, Func<IStore, ParseResult, CancellationToken, Task<object>> run)
    {
        var command = new Command(name, description);
        foreach (var option in options)
        {
            command.Add(option);
        }

        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var bench = await BenchStore.OpenAsync(parsed.GetValue(Engine)!, parsed.GetValue(Postgres), cancellationToken);
            var result = await run(bench.Store, parsed, cancellationToken);
            Report.Print(name, bench.Description, result, parsed.GetValue(Json));
            return result is IJudged { Holds: false } ? 1 : 0;
        });
        return command;
    }

    private static StreamsOrder OrderOf(ParseResult parsed) => new(
        parsed.GetValue(Readers), parsed.GetValue(Common), parsed.GetValue(Rate), TimeSpan.FromSeconds(parsed.GetValue(Seconds)));

    private static async Task<object> Box<T>(Task<T> task)
        where T : notnull => await task;
}
