using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using AiCd.Actors.Journal;
using AiCd.Testing;
using AiCd.Testing.Models;

namespace AiCd.Host.Tests.EndToEnd;

/// <summary>Many jobs at once and money for a few, with the executable and a server of the wire protocol.</summary>
public sealed class BudgetTests
{
    private const int Jobs = 50;
    private const int Paid = 10;
    private const int CallsOfJob = 4;

    /// <summary>At a dollar for a thousand tokens of output and nothing for input; what is set aside is more, for the longest answer.</summary>
    private const int MicrosOfCall = 200_000;
    private const int MicrosSetAside = 256_000;
    private const int Limit = Paid * CallsOfJob * MicrosOfCall;

    /// <summary>One call less than the budget would cover: the last one has to be covered with what is set aside for it.</summary>
    private const int Affordable = ((Limit - MicrosSetAside) / MicrosOfCall) + 1;

    private static readonly ReplyUsage Usage = new(1_000, 0, 0, MicrosOfCall / 1_000, 0);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Fifty_jobs_never_overspend_a_budget_for_ten_and_all_go_on_when_it_is_raised()
    {
        using var bench = await Workbench.CreateAsync();
        await using var model = await ModelServer.StartAsync(Answer, Cancelled);
        var setup = SetupOf(model);
        string held;
        BudgetKey budget;
        await using (var server = await RunningServer.StartAsync(bench.Data, setup))
        {
            using var client = await ClientOfAsync(server);
            await Task.WhenAll(Enumerable.Range(1, Jobs).Select(number => SubmitAsync(client, bench.Repository.Location, number)));
            budget = new BudgetKey("default", BudgetScope.Repository, (string)(await ListAsync(client, "limit=1"))[0]!["repository"]!);
            await using (var store = await bench.OpenStoreAsync())
            {
                await ReachesAsync(Jobs, async () =>
                {
                    var account = await store.Ledger.ReadAccountAsync(budget, Cancelled);
                    (account.Settled + account.Open).ShouldBeLessThanOrEqualTo(Limit);
                    return (await ListAsync(client, "state=COMPLETED&limit=100")).Count + (await ListAsync(client, "waiting=budget&limit=100")).Count;
                });
                (await store.Ledger.ReadAccountAsync(budget, Cancelled)).ShouldBe(new BudgetAccount(Affordable * MicrosOfCall, 0, null));
            }

            model.Calls.Count.ShouldBe(Affordable);
            model.Billed.Sum(billed => billed.Output * 1_000).ShouldBe(Affordable * MicrosOfCall);
            var waiting = await ListAsync(client, "waiting=budget&limit=100");
            waiting.Count.ShouldBeGreaterThanOrEqualTo(Jobs - (Affordable / CallsOfJob));
            foreach (var job in waiting)
            {
                (await ReasonAsync(client, (string)job!["id"]!)).ShouldBe(
                    $"The budget of repository {budget.Key} of $8.00 does not cover the next request of up to $0.256: $7.80 spent");
            }

            held = (string)waiting[0]!["id"]!;
            var raised = await Aicd.RunAsync(server.Client, "budget", held, "100", "--of", "repository", "--server", server.Url.ToString());
            raised.ExitCode.ShouldBe(0, raised.Errors);
            raised.Output.ShouldStartWith($"repository of job {held}: $100.00, $7.80 spent; ");
            await ReachesAsync(Jobs, async () => (await ListAsync(client, "state=COMPLETED&limit=100")).Count);
            var costs = (await ListAsync(client, "limit=100")).Select(job => (decimal)job!["cost"]!);
            costs.ShouldAllBe(cost => cost == CallsOfJob * MicrosOfCall / 1_000_000m);
            (await server.StopAsync()).ShouldBe(0);
        }

        model.Calls.Count.ShouldBe(Jobs * CallsOfJob, "nothing was bought twice");
        await using var after = await bench.OpenStoreAsync();
        (await after.Ledger.ReadAccountAsync(budget, Cancelled)).ShouldBe(new BudgetAccount(Jobs * CallsOfJob * MicrosOfCall, 0, 100_000_000));
    }

    [Fact]
    public async Task A_job_of_a_data_folder_waits_for_its_own_budget_and_goes_on_when_that_is_raised()
    {
        using var bench = await Workbench.CreateAsync();
        await using var model = await ModelServer.StartAsync(Answer, Cancelled);
        var setup = SetupOf(model).With("Budgets:PerRepository", "");
        var made = await Aicd.RunAsync(
            setup, "submit", "--repo", bench.Repository.Location, "--issue", bench.Issue, "--agent", "anthropic", "--budget", "0.5", "--data", bench.Data, "--json");
        made.ExitCode.ShouldBe(0, made.Errors);
        var job = (string)JsonNode.Parse(made.Output)!["jobId"]!;

        var held = await Aicd.RunAsync(setup, "run", "--resume", job, "--data", bench.Data);
        held.Output.ShouldContain("The job's budget of $0.50 does not cover the next request of up to $0.256: $0.40 spent");
        var raised = await Aicd.RunAsync(setup, "budget", job, "2", "--data", bench.Data, "--by", "ann");
        raised.ExitCode.ShouldBe(0, raised.Errors);
        raised.Output.ShouldBe($"job of job {job}: $2.00, $0.40 spent; 1 job goes on\n");
        var resumed = await Aicd.RunAsync(setup, "run", "--resume", job, "--data", bench.Data);

        resumed.ExitCode.ShouldBe(0, resumed.Errors);
        model.Calls.Count.ShouldBe(CallsOfJob, "nothing was bought twice");
    }

    [Fact]
    public async Task A_budget_that_is_none_is_refused_by_name()
    {
        (await Aicd.RunAsync("budget", "01k9z3m7c", "1", "--of", "year")).ShouldSatisfyAllConditions(
            run => run.ExitCode.ShouldBe(2), run => run.Errors.ShouldContain("--of: expected job, repository or month, got 'year'"));
        (await Aicd.RunAsync("budget", "01k9z3m7c", "1000001")).ShouldSatisfyAllConditions(
            run => run.ExitCode.ShouldBe(2), run => run.Errors.ShouldContain("USD: expected an amount from 0 to 1000000, got 1000001"));
    }

    private static ModelReply.Answer Answer(ModelCall call) => (call.Stage switch
    {
        "plan" => ModelReply.Calls(
            "submit",
            new { summary = "Add a line", steps = new[] { "Edit" }, files = new[] { "src/app.txt" }, risks = Array.Empty<string>(), test_strategy = "Look" },
            "s1"),
        "review" => ModelReply.Calls("submit", new { verdict = "APPROVE", summary = "Good", comments = Array.Empty<object>() }, "s1"),
        _ when call.Turn == 0 => ModelReply.Calls("edit", new { path = "src/app.txt", old_text = "two\n", new_text = "two\nthree\n" }, "e1"),
        _ => ModelReply.Calls("submit", new { summary = "Added", commit_message = "Add a line" }, "s1"),
    }) with
    {
        Usage = Usage,
    };

    /// <summary>Jobs come one by one out of planning, so that the money ends in all stages. Whoever may yet be covered waits for it.</summary>
    private static Setup SetupOf(ModelServer model)
    {
        var setup = new Setup { Variables = new() { ["ANTHROPIC_API_KEY"] = ModelServer.Key, ["ANTHROPIC_BASE_URL"] = model.Url } }
            .With("Sandbox:Mode", "None")
            .With("Agents:Anthropic:MaxOutputTokens", "256")
            .With("Prices:Models:0", "claude-* 0 1000")
            .With("Budgets:PerRepository", "8")
            .With("Budgets:Patience", "00:10:00")
            .With("Web:RequestsPerSecond", "100000");
        return new[] { "Planning", "Coding", "Reviewing", "PrOpen" }.Aggregate(setup, (all, stage) => all
            .With($"Stages:{stage}:StartsPerSecond", "1000").With($"Stages:{stage}:Concurrency", stage == "Planning" ? "4" : "8"));
    }

    private static async Task<HttpClient> ClientOfAsync(RunningServer server)
    {
        await server.ReadyAsync();
        var client = new HttpClient { BaseAddress = server.Url };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", server.Client.Variables["AICD_API_KEY"]);
        return client;
    }

    private static async Task SubmitAsync(HttpClient client, string repository, int number)
    {
        using var answer = await client.PostAsJsonAsync(
            "/api/v1/jobs", new { title = $"Add a line, {number}", body = "At the end", repository, agent = "anthropic" }, Cancelled);
        answer.IsSuccessStatusCode.ShouldBeTrue(await answer.Content.ReadAsStringAsync(Cancelled));
    }

    private static async Task<JsonArray> ListAsync(HttpClient client, string query) =>
        (await client.GetFromJsonAsync<JsonObject>($"/api/v1/jobs?{query}", Cancelled))!["items"]!.AsArray();

    private static async Task<string> ReasonAsync(HttpClient client, string job) =>
        (await client.GetFromJsonAsync<JsonObject>($"/api/v1/jobs/{job}/events?limit=1000", Cancelled))!["items"]!.AsArray()
            .Select(e => e!.AsObject()).Last(e => (string)e["event"]! == "BUDGET_EXHAUSTED")["data"]!["reason"]!.GetValue<string>();

    /// <summary>However long it takes altogether, it has to come forward.</summary>
    private static async Task ReachesAsync(int target, Func<Task<int>> count)
    {
        for (var reached = await count(); reached < target;)
        {
            var before = reached;
            await Eventually.HoldsAsync(async () => (reached = await count()) > before, Cancelled);
        }
    }
}
