using System.Diagnostics;
using System.Globalization;
using AiCd.Actors.Hosting;
using AiCd.Actors.Journal;
using AiCd.Actors.Journal.Postgres;
using AiCd.Actors.Journal.Sqlite;
using AiCd.Actors.Runtime;
using AiCd.Testing;
using AiCd.Web.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Npgsql;

namespace AiCd.Web.Tests.Dashboard.Browser;

/// <summary>
/// How quick the pages are with many jobs in the store, and while many events come in. It takes minutes and is run by hand:
/// <c>AiCd.Web.Tests -explicit only -method "*Measurements*" -showliveoutput</c>. AICD_MEASURE_STORE=postgres takes a
/// private PostgreSQL instead of SQLite. What it prints is what docs/dashboard.md tells.
/// </summary>
[Collection(nameof(BrowserPages))]
public sealed class Measurements(BrowserFixture browser)
{
    private const int Visits = 7;
    private const int BurstSeconds = 15;
    private const int JobsPerSecond = 50;

    /// <summary>The longest time between two frames that the page could draw, in milliseconds.</summary>
    private const string WatchFrames = """
        () => { let last = performance.now(); window.gaps = [];
        const frame = now => { window.gaps.push(now - last); last = now; requestAnimationFrame(frame); }; requestAnimationFrame(frame); }
        """;

    // Asked at every frame: the assertions' own retries are too far apart to measure by.
    private const string OneRow = "rows => document.querySelectorAll(rows).length === 1";
    private const string ManyRows = "rows => document.querySelectorAll(rows).length > 1";

    private static readonly int Jobs = int.TryParse(Environment.GetEnvironmentVariable("AICD_MEASURE_JOBS"), CultureInfo.InvariantCulture, out var jobs) ? jobs : 100_000;

    private static readonly bool OnPostgres = Environment.GetEnvironmentVariable("AICD_MEASURE_STORE") == "postgres";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact(Explicit = true)]
    public async Task Board_and_list_with_many_jobs_and_a_burst_of_events()
    {
        using var folder = new TemporaryFolder();
        await using var database = OnPostgres ? await PostgresServer.CreateDatabaseAsync(Token) : null;
        IStore store = database is null
            ? await SqliteStore.OpenAsync(folder.Location, cancellationToken: Token)
            : await PostgresStore.OpenAsync(database.ConnectionString, cancellationToken: Token);
        await using var server = await WebServer.StartAsync(store, Wide());
        var gateway = server.Services.GetRequiredService<EngineService>().Node!.Gateway;
        var filling = Stopwatch.StartNew();
        await Parallel.ForEachAsync(Enumerable.Range(0, Jobs), new ParallelOptions { MaxDegreeOfParallelism = 256, CancellationToken = Token }, async (number, token) =>
            await gateway.SubmitAsync(Job(number, number % 10 == 0 ? "fail:CODING" : number % 500 == 1 ? "hold:CODING" : ""), token));
        await Eventually.HoldsAsync(async () => (await server.Store.Queries.StatsAsync("acme", DateTimeOffset.UnixEpoch, Token)).Ended.Values.Sum() >= Jobs - (Jobs / 500) - 1, Token);
        if (database is not null)
        {
            // As autovacuum does by and by: without statistics every plan is a guess.
            await using var connection = await database.OpenConnectionAsync(Token);
            await using var analyze = new NpgsqlCommand("analyze", connection);
            await analyze.ExecuteNonQueryAsync(Token);
        }

        Print($"{Jobs} jobs in {(OnPostgres ? "PostgreSQL" : "SQLite")}, made in {filling.Elapsed.TotalSeconds:F0} s");

        await VisitAsync(server, "board", "/", "a.card");
        await VisitAsync(server, "list", "/jobs", ".item a.title");
        await BurstAsync(server, gateway, "/", "a.card");
        await BurstAsync(server, gateway, "/jobs", ".item a.title");
    }

    private async Task VisitAsync(WebServer server, string name, string path, string rows)
    {
        var page = await browser.OpenAsync(path, server: server);
        var (seen, answered) = (new List<double>(), new List<double>());
        for (var visit = 0; visit < Visits; visit++)
        {
            var clock = Stopwatch.StartNew();
            await page.GotoAsync(path, new PageGotoOptions { WaitUntil = WaitUntilState.Commit });
            await page.Locator(rows).First.WaitForAsync();
            seen.Add(clock.Elapsed.TotalMilliseconds);
            clock.Restart();
            await page.Locator("[data-search]").FillAsync($"n{(Jobs / 2) + visit}x");
            await page.WaitForFunctionAsync(OneRow, rows);
            answered.Add(clock.Elapsed.TotalMilliseconds);
        }

        seen.Sort();
        answered.Sort();
        Print($"{name}: shown after {seen[Visits / 2]:F0} ms (worst {seen[^1]:F0}), a search for one job answered after {answered[Visits / 2]:F0} ms (worst {answered[^1]:F0})");
        await page.Context.DisposeAsync();
    }

    private async Task BurstAsync(WebServer server, IJobGateway gateway, string path, string rows)
    {
        var page = await browser.OpenAsync(path, server: server);
        await page.EvaluateAsync(WatchFrames);
        var (events, answered, number) = (0L, new List<double>(), Jobs * 2);
        using var feed = server.Services.GetRequiredService<EngineService>().Node!.Feed.Subscribe(job: null);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var counting = CountAsync();
        var clock = Stopwatch.StartNew();
        var feeding = FeedAsync();
        while (clock.Elapsed < TimeSpan.FromSeconds(BurstSeconds))
        {
            var click = Stopwatch.StartNew();
            await page.Locator("[data-search]").FillAsync($"n{(Jobs / 3) + answered.Count}x");
            await page.WaitForFunctionAsync(OneRow, rows);
            await page.Locator("[data-search]").FillAsync("");
            await page.WaitForFunctionAsync(ManyRows, rows);
            answered.Add(click.Elapsed.TotalMilliseconds);
        }

        var counted = Interlocked.Read(ref events) / clock.Elapsed.TotalSeconds;
        var gaps = await page.EvaluateAsync<double[]>("() => window.gaps");
        await feeding;
        await stop.CancelAsync();
        await counting;
        answered.Sort();
        Array.Sort(gaps);
        Print($"burst on {path}: {counted:F0} events a second; frames p50 {gaps[gaps.Length / 2]:F0} ms, p99 {gaps[gaps.Length * 99 / 100]:F0} ms, longest {gaps[^1]:F0} ms; a search made and taken back in {answered[answered.Count / 2]:F0} ms (worst {answered[^1]:F0}, {answered.Count} times)");
        await page.Context.DisposeAsync();

        async Task CountAsync()
        {
            try
            {
                await foreach (var signal in feed.Signals.ReadAllAsync(stop.Token))
                {
                    Interlocked.Add(ref events, signal is JobRecorded ? 1 : 0);
                }
            }
            catch (OperationCanceledException)
            {
                // The burst is over.
            }
        }

        async Task FeedAsync()
        {
            for (var second = 0; second < BurstSeconds; second++)
            {
                var due = TimeSpan.FromSeconds(second);
                await Task.Delay(due > clock.Elapsed ? due - clock.Elapsed : TimeSpan.Zero, Token);
                await Task.WhenAll(Enumerable.Range(0, JobsPerSecond).Select(_ => gateway.SubmitAsync(Job(number++, ""), Token)));
            }
        }
    }

    private static NewJob Job(int number, string script) =>
        new("acme", $"https://github.com/acme/repo-{number % 100}", "main", $"Fix the parser n{number}x {script}", "It does not parse.", "mock", Labels: [$"area-{number % 20}"]);

    private static Dictionary<string, string?> Wide()
    {
        var settings = new Dictionary<string, string?> { ["AiCd:Web:RequestsPerSecond"] = "100000", ["AiCd:Web:RequestBurst"] = "100000" };
        foreach (var stage in new[] { "Planning", "Coding", "Reviewing", "PrOpen" })
        {
            settings[$"AiCd:Stages:{stage}:Concurrency"] = "1000";
            settings[$"AiCd:Stages:{stage}:StartsPerSecond"] = "100000";
        }

        return settings;
    }

    private static void Print(FormattableString line) =>
        TestContext.Current.TestOutputHelper!.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
