using System.Globalization;
using Npgsql;

namespace AiCd.Testing.Tests;

public sealed class PostgresClusterTests
{
    // Set by the test about a killed test process for the process that it starts and kills: this program once more.
    private const string HeldForTheKill = "AICD_TESTING_HOLD_CLUSTER";
    private const string Announcement = "cluster";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_was_committed_survives_a_restart_and_a_kill()
    {
        await using var cluster = await PostgresServer.StartOwnAsync(cancellationToken: Cancelled);
        await using var database = await cluster.CreateDatabaseAsync(Cancelled);
        await QueryAsync(database, "create table things (id int)");

        await cluster.RestartAsync(Cancelled);
        await QueryAsync(database, "insert into things values (1)");

        await cluster.KillAsync(Cancelled);
        await Should.ThrowAsync<NpgsqlException>(() => QueryAsync(database, "select 1"));

        await cluster.StartAsync(Cancelled);
        (await QueryAsync(database, "select count(*) from things")).ShouldBe(1L);
    }

    [Fact]
    public async Task A_paused_server_answers_once_it_continues()
    {
        await using var cluster = await PostgresServer.StartOwnAsync(cancellationToken: Cancelled);
        await using var database = await cluster.CreateDatabaseAsync(Cancelled);
        await QueryAsync(database, "select 1");

        cluster.Pause();
        var answer = QueryAsync(database, "select 2");
        await Should.ThrowAsync<TimeoutException>(() => answer.WaitAsync(TimeSpan.FromMilliseconds(200), Cancelled));
        cluster.Continue();

        (await answer).ShouldBe(2);
    }

    [Fact]
    public async Task Dispose_leaves_nothing_even_of_a_paused_server()
    {
        var cluster = await PostgresServer.StartOwnAsync(
            new PostgresOptions { Fsync = false, Settings = new Dictionary<string, string> { ["application_name"] = "it's" } },
            Cancelled);
        var folder = cluster.Folder;
        cluster.Pause();

        await cluster.DisposeAsync();

        Directory.Exists(folder).ShouldBeFalse();
    }

    [Fact]
    public async Task A_test_process_killed_with_its_children_leaves_no_server_behind()
    {
        if (Environment.GetEnvironmentVariable(HeldForTheKill) is not null)
        {
            await HoldClusterAsync();
        }

        await using var tests = ProcessRunner.Start(ProcessRunner.Command(
            Path.ChangeExtension(typeof(PostgresClusterTests).Assembly.Location, null),
            ["-noColor", "-method", $"{typeof(PostgresClusterTests).FullName}.{nameof(A_test_process_killed_with_its_children_leaves_no_server_behind)}"],
            new Dictionary<string, string?> { [HeldForTheKill] = "1" }));
        var announcement = await tests.WaitForLineAsync(
            line => line.StartsWith(Announcement, StringComparison.Ordinal), TimeSpan.FromSeconds(60), Cancelled);
        var (server, folder) = announcement.Split(' ') is [_, var id, var path] ? (int.Parse(id, CultureInfo.InvariantCulture), path) : default;
        ProcessTable.IsAlive(server).ShouldBeTrue();

        await tests.DisposeAsync();

        await Eventually.HoldsAsync(() => !Directory.Exists(folder), Cancelled);
        ProcessTable.IsAlive(server).ShouldBeFalse();
    }

    private static async Task HoldClusterAsync()
    {
        await using var cluster = await PostgresServer.StartOwnAsync(cancellationToken: Cancelled);
        await Console.Out.WriteLineAsync($"{Announcement} {cluster.ServerId} {cluster.Folder}");
        await Console.Out.FlushAsync(Cancelled);
        await Task.Delay(Timeout.Infinite, Cancelled);
    }

    private static async Task<object?> QueryAsync(TestDatabase database, string statement)
    {
        await using var connection = new NpgsqlConnection($"{database.ConnectionString};Pooling=false");
        await connection.OpenAsync(Cancelled);
        await using var command = new NpgsqlCommand(statement, connection);
        return await command.ExecuteScalarAsync(Cancelled);
    }
}
