using System.Text.Json;
using AiCd.Host.Tests.EndToEnd;

namespace AiCd.Host.Tests.Operating;

/// <summary>The commands that look at jobs and installation, as people and as programs use them.</summary>
internal static class EveryCommand
{
    private const string Job = "JOB";
    private const int AtOnce = 4;

    private static readonly string[][] Commands =
    [
        ["list"],
        ["show", Job],
        ["watch", Job],
        ["logs", Job],
        ["diff", Job],
        ["replay", Job],
        ["cluster", "show"],
        ["cluster", "nodes"],
        ["cluster", "leases"],
        ["cluster", "shards"],
        ["cluster", "pools"],
        ["cluster", "lag"],
        ["pool", "CODING"],
        ["deadletters"],
    ];

    /// <summary>Those whose output is the same for everybody.</summary>
    private static readonly string[][] Plain = [["open", Job, "--print"], ["export", Job]];

    /// <param name="setup">Names a server or a store.</param>
    /// <param name="hasNode">True where a node is asked: only there are actors.</param>
    public static async Task ShouldWorkAsync(Setup setup, string job, bool hasNode)
    {
        var commands = Commands.Concat(hasNode ? [["actors"], ["rebalance"]] : [])
            .SelectMany(command => (IEnumerable<(string[] Words, bool Terminal)>)[(command, true), ([.. command, "--json"], false)])
            .Concat(Plain.SelectMany(command => (IEnumerable<(string[] Words, bool Terminal)>)[(command, true), (command, false)]));
        await Parallel.ForEachAsync(
            commands,
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = TestContext.Current.CancellationToken },
            async (command, _) => await ShouldWorkAsync(setup, [.. command.Words.Select(word => word == Job ? job : word)], command.Terminal));
    }

    private static async Task ShouldWorkAsync(Setup setup, string[] words, bool terminal)
    {
        var name = string.Join(' ', words);
        var result = terminal ? await Terminal.RunAsync(setup, words) : await Aicd.RunAsync(setup, words);
        result.ExitCode.ShouldBe(0, $"{name}: {result.Output}{result.Errors}");
        result.Output.ShouldNotBeNullOrWhiteSpace(name);
        if (!terminal && words[0] != "open")
        {
            foreach (var line in result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                Should.NotThrow(() => JsonDocument.Parse(line), $"{name}: {line}");
            }
        }
    }
}
