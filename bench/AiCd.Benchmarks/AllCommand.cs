using System.CommandLine;

namespace AiCd.Benchmarks;

/// <summary>The whole table in one go: each measure in a process of its own, so that none warms or burdens the next.</summary>
internal static class AllCommand
{
    private static readonly Dictionary<string, string[]> Measures = new()
    {
        ["throughput-20000"] = ["throughput", "--jobs", "20000"],
        ["throughput-200000"] = ["throughput", "--jobs", "200000"],
        ["throughput-sqlite"] = ["throughput", "--jobs", "20000", "--store", "sqlite"],
        ["baseline"] = ["baseline", "--jobs", "40000"],
        ["latency"] = ["latency", "--jobs", "2000"],
        ["submit"] = ["submit", "--jobs", "20000"],
        ["recovery"] = ["recovery", "--jobs", "100000"],
        ["residency-waiting-100000"] = ["residency-waiting", "--jobs", "100000"],
        ["residency-waiting-1000000"] = ["residency-waiting", "--jobs", "1000000"],
        ["residency-finished"] = ["residency-finished", "--jobs", "100000"],
        ["list-1000000"] = ["list", "--jobs", "1000000"],
        ["streams"] = ["streams"],
        ["failover"] = ["failover"],
        ["rolling"] = ["rolling"],
    };

    public static Command Create()
    {
        var only = new Option<string[]>("--only")
        {
            Description = $"Only these, separated by commas: {string.Join(", ", Measures.Keys)}.",
            CustomParser = result => [.. result.Tokens.SelectMany(token => token.Value.Split(',', StringSplitOptions.RemoveEmptyEntries))],
            DefaultValueFactory = _ => [.. Measures.Keys],
        };
        var output = new Option<string>("--output") { Description = "Folder for the results.", DefaultValueFactory = _ => Path.Combine("bench", "results") };
        var name = new Option<string>("--name") { Description = "What the results are called, after the date.", DefaultValueFactory = _ => "all" };
        var command = new Command("all", "runs the whole table and writes the results as Markdown and JSON") { only, output, name };
        command.SetAction(async (parsed, token) =>
        {
            var chosen = parsed.GetValue(only)!;
            if (chosen.FirstOrDefault(measure => !Measures.ContainsKey(measure)) is { } unknown)
            {
                await Console.Error.WriteLineAsync($"--only: expected some of {string.Join(", ", Measures.Keys)}, got '{unknown}'");
                return 2;
            }

            var results = new ResultFiles(parsed.GetValue(output)!, parsed.GetValue(name)!);
            foreach (var measure in chosen)
            {
                await Console.Error.WriteLineAsync(measure);
                await results.AddAsync(measure, Measures[measure], token);
            }

            await results.WriteAsync(token);
            return results.AllSucceeded ? 0 : 1;
        });
        return command;
    }
}
