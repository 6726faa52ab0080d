using System.Text.Json;
using AiCd.Host.Tests.EndToEnd;
using AiCd.Testing;

namespace AiCd.Host.Tests.Operating;

/// <summary>Commands on a cluster's database, before and while a node drives its jobs.</summary>
public sealed class ClusterControlTests : IAsyncLifetime
{
    private TestDatabase? _database;

    public async ValueTask InitializeAsync() => _database = await PostgresServer.CreateDatabaseAsync(TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync() => _database!.DisposeAsync();

    [Fact]
    public async Task Jobs_are_made_and_steered_through_the_database_and_by_any_node()
    {
        using var bench = await Workbench.CreateAsync(_database);
        string[] here = ["--data", bench.Combine("here")];
        string[] submit = ["submit", "--repo", bench.Repository.Location, "--issue", bench.Issue, "--json"];
        var first = JobOf(await Aicd.RunAsync(bench.Setup, [.. submit, .. here]));
        (await Aicd.RunAsync(bench.Setup, ["list", .. here])).EnsureSuccess().Output.ShouldContain($"{first}  QUEUED");
        (await Aicd.RunAsync(bench.Setup, ["cancel", first, .. here])).EnsureSuccess().Output.ShouldBe($"Job {first} is CANCELLED\n");
        (await Aicd.RunAsync(bench.Setup, ["pool", "CODING", "--concurrency", "2", .. here])).EnsureSuccess();

        await using var node = await RunningServer.StartAsync(bench.Combine("node"), bench.Setup.With("NodeName", "one"));
        await node.ReadyAsync();
        (await Aicd.RunAsync(bench.Setup, ["cluster", "nodes", .. here])).EnsureSuccess().Output.ShouldContain("one                       alive    yes         64");
        (await Aicd.RunAsync(bench.Setup, ["cluster", "leases", .. here])).EnsureSuccess().Output.ShouldMatch(@"one +[0-9.]+ s +64 ");
        (await Aicd.RunAsync(node.Client, "cluster", "pools")).EnsureSuccess().Output.ShouldMatch(@"CODING +open +2 +10 +0 ");

        var second = JobOf(await Aicd.RunAsync(bench.Setup, [.. submit, .. here]));
        (await Aicd.RunAsync(bench.Setup, ["watch", second, .. here])).ExitCode.ShouldBe(0);
        var retried = JobOf(await Aicd.RunAsync(bench.Setup, ["retry", first, "--json", .. here]));
        (await Aicd.RunAsync(node.Client, "watch", retried)).ExitCode.ShouldBe(0);
        (await Aicd.RunAsync(node.Client, "show", second)).EnsureSuccess().Output
            .ShouldBe((await Aicd.RunAsync(bench.Setup, ["show", second, .. here])).EnsureSuccess().Output);
    }

    private static string JobOf(ProcessResult made) => JsonDocument.Parse(made.EnsureSuccess().Output).RootElement.GetProperty("jobId").GetString()!;
}
