using System.Net;
using AiCd.Testing;
using Npgsql;

namespace AiCd.Host.Tests.EndToEnd;

public sealed class DatabaseTroubleTests
{
    private const string Password = "hunter2secret";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_node_is_not_ready_while_its_database_is_away_and_ready_again_by_itself()
    {
        await using var cluster = await PostgresServer.StartOwnAsync(cancellationToken: Cancelled);
        await using var database = await cluster.CreateDatabaseAsync(Cancelled);
        using var bench = await Workbench.CreateAsync(database);
        await using var server = await RunningServer.StartAsync(bench.Data, bench.Setup.Slow("00:00:02"));
        await server.ReadyAsync();
        await using var run = Aicd.Start(bench.Setup, bench.Run());
        await run.WaitForLineAsync(line => line.Contains("START_CODING", StringComparison.Ordinal), Aicd.Patience, Cancelled);
        var job = RunLines.Parse(run.Output).Job;

        await cluster.StopAsync(Cancelled);
        await Eventually.HoldsAsync(async () => (await server.GetAsync("/health/ready")).Status == HttpStatusCode.ServiceUnavailable, Cancelled);
        (await server.GetAsync("/health/live")).Status.ShouldBe(HttpStatusCode.OK);
        await cluster.StartAsync(Cancelled);

        await server.ReadyAsync();
        (await run.WaitForExitAsync(Aicd.Patience, Cancelled)).ShouldBe(0, string.Join('\n', run.Errors));
        var lines = RunLines.Parse(run.Output);
        lines.Job.ShouldBe(job);
        lines.ShouldBeCompleted();
        lines.ShouldHaveFinishedEveryStageOnce();
        await bench.ShouldHaveOnePullRequestAsync();
        (await server.StopAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task What_is_wrong_with_the_database_is_said_without_its_password()
    {
        await using var database = await PostgresServer.CreateDatabaseAsync(Cancelled);
        using var bench = await Workbench.CreateAsync(database);
        await ExecuteAsync(database.ConnectionString, $"alter role {database.Name} password '{Password}'");
        var good = new NpgsqlConnectionStringBuilder(database.ConnectionString) { Password = Password };
        var elsewhere = With(builder => builder.Database = "postgres");

        await ShouldRefuseAsync(With(builder => builder.Port = 1), "The database cannot be reached: Failed to connect to 127.0.0.1:1");
        await ShouldRefuseAsync(With(builder => builder.Password = Password + "x"), "password authentication failed");
        await ShouldRefuseAsync(With(builder => builder.Database = "nowhere"), "database \"nowhere\" does not exist");
        await ShouldRefuseAsync(good.ConnectionString, $"There is no store in the database {database.Name}", "jobs", "list");
        await ShouldRefuseAsync($"Host=127.0.0.1;Password=a;{Password}=b", "AiCd:Postgres: expected a connection string such as ", exitCode: 2);
        await ShouldRefuseAsync($"postgresql://aicd:{Password}@localhost/aicd", "AiCd:Postgres: expected a connection string such as ", exitCode: 2);

        await ExecuteAsync(elsewhere, $"alter database {database.Name} connection limit 0");
        await ShouldRefuseAsync(good.ConnectionString, "too many connections for database");
        await ExecuteAsync(elsewhere, $"alter database {database.Name} connection limit -1");

        await ExecuteAsync(elsewhere, $"alter database {database.Name} set default_transaction_read_only = on");
        await ShouldRefuseAsync(good.ConnectionString, "takes no writes: it is read only, or a standby");
        await ExecuteAsync(elsewhere, $"alter database {database.Name} set default_transaction_read_only = off");

        (await Aicd.RunAsync(Setup.Of("Postgres", good.ConnectionString), bench.Run())).EnsureSuccess();
        await ExecuteAsync(good.ConnectionString, "insert into migrations (module, number, name, checksum) values ('store', 99, 'future', '')");
        await ShouldRefuseAsync(good.ConnectionString, "was written by a newer version: it has migration 99 (future)");
        await ShouldRefuseAsync(good.ConnectionString, "was written by a newer version: it has migration 99 (future)", "jobs", "list");

        string With(Action<NpgsqlConnectionStringBuilder> change)
        {
            var builder = new NpgsqlConnectionStringBuilder(good.ConnectionString);
            change(builder);
            return builder.ConnectionString;
        }

        async Task ShouldRefuseAsync(string connection, string message, string? command = null, string? subcommand = null, int exitCode = 3)
        {
            string[] arguments = command is null ? bench.Run("--verbose") : [command, subcommand!, "--verbose"];
            var refused = await Aicd.RunAsync(Setup.Of("Postgres", connection), arguments);
            refused.ExitCode.ShouldBe(exitCode, refused.Errors);
            refused.Errors.ShouldContain(message);
            (refused.Output + refused.Errors).ShouldNotContain(Password);
        }
    }

    [Fact]
    public async Task The_connection_string_reaches_neither_logs_nor_events_nor_child_processes()
    {
        await using var database = await PostgresServer.CreateDatabaseAsync(Cancelled);
        using var bench = await Workbench.CreateAsync(database);
        var password = new NpgsqlConnectionStringBuilder(database.ConnectionString).Password!;
        var seen = bench.Combine("seen");
        var spy = bench.Combine("git-spy");
        await File.WriteAllTextAsync(spy, $"#!/bin/sh\n{{ env; printf '%s\\n' \"$@\"; tr '\\0' '\\n' < /proc/$PPID/cmdline; }} >> '{seen}'\nexec git \"$@\"\n", Cancelled);
        File.SetUnixFileMode(spy, UnixFileMode.UserRead | UnixFileMode.UserExecute);

        var run = await Aicd.RunAsync(bench.Setup.With("Git:Executable", spy), bench.Run("--verbose"));

        run.ExitCode.ShouldBe(0, run.Errors);
        run.Errors.ShouldContain("is open: 64 shards");
        (await File.ReadAllTextAsync(seen, Cancelled)).ShouldContain("update-ref");
        (await File.ReadAllTextAsync(seen, Cancelled)).ShouldNotContain(password);
        (run.Output + run.Errors).ShouldNotContain(password);
    }

    [Fact]
    public async Task Effects_that_may_outlast_the_lease_are_refused_in_a_cluster_alone()
    {
        var setup = Setup.Of("EffectTimeout", "00:00:07");

        (await Aicd.RunAsync(setup, "demo", "--json")).ExitCode.ShouldBe(0);
        var refused = await Aicd.RunAsync(setup.With("Postgres", "Host=localhost;Database=aicd"), "jobs", "list");

        refused.ExitCode.ShouldBe(2);
        refused.Errors.ShouldContain("AiCd:EffectTimeout: expected in a cluster a time span of less than the lease without its renewal (00:00:07), got '00:00:07'");
    }

    [Fact]
    public async Task A_store_that_no_other_node_can_reach_needs_a_node_that_drives_jobs()
    {
        using var folder = new TemporaryFolder();

        var refused = await Aicd.RunAsync(Setup.Of("Role", "web"), "serve", "--data", folder.Location);

        refused.ExitCode.ShouldBe(2);
        refused.Errors.ShouldContain("AiCd:Role: expected 'engine' or 'both' where the store lies in the data folder");
        (await Aicd.RunAsync(Setup.Of("Role", "web"), "demo", "--json")).ExitCode.ShouldBe(0);
    }

    private static async Task ExecuteAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync(Cancelled);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Cancelled);
    }
}
