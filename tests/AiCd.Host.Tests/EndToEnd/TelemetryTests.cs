using System.Text.Json;
using AiCd.Actors.Jobs;
using AiCd.Actors.Telemetry;
using AiCd.Testing;

namespace AiCd.Host.Tests.EndToEnd;

public sealed class TelemetryTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_node_exports_traces_and_every_metric_that_operators_need()
    {
        await using var collector = await OtlpCollector.StartAsync(Cancelled);
        await using var database = await PostgresServer.CreateDatabaseAsync(Cancelled);
        using var bench = await Workbench.CreateAsync(database);
        var setup = bench.Setup.With("Telemetry:OtlpEndpoint", collector.Endpoint).With("Telemetry:MetricsInterval", "00:00:01").With("NodeName", "node-seven");
        await using var server = await RunningServer.StartAsync(bench.Data, setup);
        await server.ReadyAsync();

        (await Aicd.RunAsync(bench.Setup, bench.Run())).EnsureSuccess();

        foreach (var metric in (string[])[
            "aicd.jobs.events", "aicd.stage.duration", "aicd.pool.waiting", "aicd.pool.running", "aicd.journal.batch", "aicd.journal.append.duration",
            "aicd.projection.lag", "aicd.node.lease", "aicd.node.shards", "aicd.actors"])
        {
            await Eventually.HoldsAsync(() => collector.Has("metrics", metric), Cancelled, metric);
        }

        await Eventually.HoldsAsync(() => collector.Has("metrics", "MARK_COMPLETED"), Cancelled, "MARK_COMPLETED");
        collector.Has("metrics", "node-seven").ShouldBeTrue();
        (await server.StopAsync()).ShouldBe(0);
        collector.Has("traces", "stage REVIEWING").ShouldBeTrue();
    }

    [Fact]
    public async Task A_job_is_one_trace_whatever_processes_worked_on_it()
    {
        await using var collector = await OtlpCollector.StartAsync(Cancelled);
        using var bench = await Workbench.CreateAsync();
        var setup = new Setup
        {
            Variables = new() { ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Endpoint, ["OTEL_EXPORTER_OTLP_HEADERS"] = "Authorization=Bearer-of-tests" },
        };
        string job;
        await using (var run = Aicd.Start(setup.Slow("00:00:02"), bench.Run()))
        {
            await run.WaitForLineAsync(line => line.Contains("START_CODING", StringComparison.Ordinal), Aicd.Patience, Cancelled);
            await run.SignalAsync(Signal.Interrupt, Cancelled);
            (await run.WaitForExitAsync(Aicd.Patience, Cancelled)).ShouldBe(130);
            job = RunLines.Parse(run.Output).Job;
        }

        var trace = Convert.FromHexString(JobTracing.ContextOf(JobId.Parse(job)).TraceId.ToHexString());
        collector.Has("traces", "stage PLANNING").ShouldBeTrue();
        var first = collector.CountOf("traces", trace);
        first.ShouldBeGreaterThan(0);

        (await Aicd.RunAsync(setup, bench.Resume(job))).EnsureSuccess();

        collector.Has("traces", "stage PR_OPEN").ShouldBeTrue();
        collector.CountOf("traces", trace).ShouldBeGreaterThan(first + 2);
        collector.Authorizations.ShouldBe(["Bearer-of-tests"]);
    }

    [Fact]
    public async Task A_collector_that_is_away_keeps_nobody_from_working()
    {
        using var bench = await Workbench.CreateAsync();

        var run = await Aicd.RunAsync(Setup.Of("Telemetry:OtlpEndpoint", "http://127.0.0.1:1"), bench.Run());

        run.ExitCode.ShouldBe(0, run.Errors);
        RunLines.Parse(run.Output).ShouldBeCompleted();
    }

    [Fact]
    public async Task Wrong_telemetry_settings_are_named()
    {
        var refused = await Aicd.RunAsync(Setup.Of("Telemetry:OtlpEndpoint", "localhost:4318").With("Telemetry:OtlpProtocol", "http/json"), "demo");

        refused.ExitCode.ShouldBe(2);
        refused.Errors.ShouldContain("AiCd:Telemetry:OtlpEndpoint: expected a URL such as http://localhost:4318, or nothing to export nothing, got 'localhost:4318'");
        refused.Errors.ShouldContain("AiCd:Telemetry:OtlpProtocol: expected 'http/protobuf' or 'grpc', got 'http/json'");
    }

    [Fact]
    public async Task The_log_of_a_node_is_one_object_a_line_each_with_its_event_id()
    {
        using var bench = await Workbench.CreateAsync();
        await using var server = await RunningServer.StartAsync(bench.Data);
        await server.ReadyAsync();
        (await server.StopAsync()).ShouldBe(0);

        var lines = server.Process.Errors.Select(line => JsonDocument.Parse(line).RootElement).ToList();

        lines.Count.ShouldBeGreaterThan(3);
        lines.ShouldAllBe(line => line.GetProperty("EventId").GetInt32() > 0);
        lines.ShouldContain(line => line.GetProperty("EventId").GetInt32() == 5001 && line.GetProperty("State").GetProperty("Url").GetString() == server.Url.GetLeftPart(UriPartial.Authority));
    }
}
