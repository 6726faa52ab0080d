using AiCd.Testing.GitHub;

namespace AiCd.Host.Tests.EndToEnd.GitHub;

/// <summary>A node is killed before and after each effect, as GitHub sees it, and another one goes on.</summary>
public sealed class GitHubKillTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static TheoryData<string, bool> Effects
    {
        get
        {
            var all = new TheoryData<string, bool>();
            foreach (var effect in new[] { "push", "check", "pull request", "comment" })
            {
                all.Add(effect, false);
                all.Add(effect, true);
            }

            return all;
        }
    }

    [Theory]
    [MemberData(nameof(Effects))]
    public async Task A_node_killed_at_an_effect_leaves_one_of_each(string effect, bool after)
    {
        await using var bench = await GitHubBench.CreateAsync();
        var issue = bench.LabelledIssue();
        var trap = new Trap();
        bench.GitHub.Plan(request => IsEffect(effect, request), new Fault.Stop(trap, after));
        await using (var first = await RunningServer.StartAsync(bench.Data, bench.AsApp))
        {
            await trap.Sprung.WaitAsync(Aicd.Patience, Cancelled);
            await first.Process.KillAsync(Cancelled);
        }

        trap.Release();
        File.Delete(RunningServer.FileIn(bench.Data));
        await using var second = await RunningServer.StartAsync(bench.Data, bench.AsApp);

        await GitHubBench.DoneAsync(issue);
        (await second.StopAsync()).ShouldBe(0);
        await bench.ShouldHaveOneOfEachAsync(issue);
    }

    internal static bool IsEffect(string effect, RecordedRequest request) => request.Method == "POST" && effect switch
    {
        "push" => request.IsGit && request.Path.EndsWith("/git-receive-pack", StringComparison.Ordinal),
        "check" => request.Path.EndsWith("/check-runs", StringComparison.Ordinal),
        "pull request" => request.Path.EndsWith("/pulls", StringComparison.Ordinal),
        _ => request.Path.EndsWith("/comments", StringComparison.Ordinal),
    };
}
