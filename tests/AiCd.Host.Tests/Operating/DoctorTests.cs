using System.Text.Json;
using AiCd.Actors.Journal.Sqlite;
using AiCd.Host.Tests.EndToEnd;
using AiCd.Host.Tests.EndToEnd.GitHub;
using AiCd.Host.Tests.Stores;
using AiCd.Testing;
using AiCd.Testing.GitHub;
using AiCd.Testing.Models;
using Npgsql;

namespace AiCd.Host.Tests.Operating;

public sealed class DoctorTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Where_all_is_well_every_check_says_so_and_nothing_is_left()
    {
        using var folder = new TemporaryFolder();

        var doctor = await DiagnoseAsync(null, folder.Combine("data"));

        foreach (var name in (string[])["settings", "data folder", "store", "clock", "git"])
        {
            doctor.Of(name).Outcome.ShouldBe("ok", name);
            doctor.Of(name).Remedy.ShouldBeNull();
        }

        doctor.Of("store").Found.ShouldContain("it is made at the first use");
        doctor.Of("disk").Found.ShouldContain("MiB free of");
        doctor.Names.ShouldContain("sandbox");
        doctor.Names.ShouldContain("open files");
        Directory.EnumerateFileSystemEntries(folder.Location).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_folder_that_is_open_to_others_is_a_warning_with_its_remedy()
    {
        using var folder = new TemporaryFolder();
        File.SetUnixFileMode(folder.Location, (UnixFileMode)0b111_101_101);

        var doctor = await DiagnoseAsync(null, folder.Location);

        doctor.Of("data folder").Outcome.ShouldBe("warning");
        doctor.Of("data folder").Remedy.ShouldBe($"chmod 700 {folder.Location}");
        Directory.EnumerateFileSystemEntries(folder.Location).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_folder_that_cannot_be_made_fails()
    {
        var doctor = await DiagnoseAsync(null, "/proc/aicd");

        doctor.ExitCode.ShouldBe(3);
        doctor.Of("data folder").Outcome.ShouldBe("failed");
        doctor.Of("data folder").Found.ShouldStartWith("/proc/aicd is not there and cannot be made");
    }

    [Theory]
    [InlineData("insert into migrations (module, number, name, checksum, applied_at) values ('store', 999, 'future', 'x', 0)", "failed", "written by a newer version")]
    [InlineData("delete from migrations where module = 'ledger'", "warning", "1 migrations are pending")]
    public async Task A_store_of_another_version_is_told_with_what_to_do(string sql, string outcome, string found)
    {
        using var folder = new TemporaryFolder();
        await using (await SqliteStore.OpenAsync(folder.Location, cancellationToken: Cancelled))
        {
        }

        await using (var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={folder.Combine("aicd.db")};Pooling=False"))
        {
            await connection.OpenAsync(Cancelled);
            await using var command = connection.CreateCommand();
            command.CommandText = sql;
            await command.ExecuteNonQueryAsync(Cancelled);
        }

        var doctor = await DiagnoseAsync(null, folder.Location);

        doctor.Of("store").Outcome.ShouldBe(outcome);
        doctor.Of("store").Found.ShouldContain(found);
        doctor.Of("store").Remedy.ShouldNotBeNull();
    }

    [Fact]
    public async Task A_file_that_is_no_store_fails_and_the_other_checks_go_on()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.Combine("aicd.db"), "nonsense of more than a hundred bytes ".PadRight(4096, 'x'), Cancelled);

        var doctor = await DiagnoseAsync(null, folder.Location);

        doctor.ExitCode.ShouldBe(3);
        doctor.Of("store").Outcome.ShouldBe("failed");
        doctor.Of("git").Outcome.ShouldBe("ok");
    }

    [Theory]
    [InlineData("#!/bin/sh\necho git version 2.20.1", "failed", "is of version 2.20.1")]
    [InlineData("#!/bin/sh\necho git version 2.45.1.windows.1", "ok", "version 2.45.1")]
    [InlineData("#!/bin/sh\necho hello", "failed", "is no git: it says 'hello'")]
    [InlineData(null, "failed", "there is no program")]
    public async Task Git_is_judged_by_what_it_says(string? script, string outcome, string found)
    {
        using var folder = new TemporaryFolder();
        var git = folder.Combine("git");
        if (script is not null)
        {
            await File.WriteAllTextAsync(git, script, Cancelled);
            File.SetUnixFileMode(git, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        var doctor = await DiagnoseAsync(Setup.Of("Git:Executable", git), folder.Combine("data"));

        doctor.Of("git").Outcome.ShouldBe(outcome);
        doctor.Of("git").Found.ShouldContain(found);
    }

    [Fact]
    public async Task A_clock_that_went_back_and_a_sandbox_that_is_turned_off_are_warnings()
    {
        using var folder = new TemporaryFolder();
        await using (var store = await SqliteStore.OpenAsync(folder.Location, cancellationToken: Cancelled))
        {
            // Its jobs are of a time to come.
            await SeededStore.FillAsync(store, 1, Cancelled);
        }

        var doctor = await DiagnoseAsync(Setup.Of("Sandbox:Mode", "None"), folder.Location);

        doctor.Of("clock").Outcome.ShouldBe("warning");
        doctor.Of("clock").Found.ShouldContain("which is yet to come");
        doctor.Of("sandbox").Outcome.ShouldBe("warning");
        doctor.Of("sandbox").Found.ShouldStartWith("turned off");
    }

    [Fact]
    public async Task A_database_is_asked_for_its_version_and_its_time()
    {
        using var folder = new TemporaryFolder();
        await using var database = await PostgresServer.CreateDatabaseAsync(Cancelled);
        var setup = Setup.Of("Postgres", database.ConnectionString);

        var doctor = await DiagnoseAsync(setup, folder.Combine("data"));
        doctor.Of("store").Outcome.ShouldBe("ok");
        doctor.Of("clock").Outcome.ShouldBe("ok");
        doctor.Of("clock").Found.ShouldContain("s from the database's");

        var nowhere = new NpgsqlConnectionStringBuilder(database.ConnectionString) { Port = 1 }.ConnectionString;
        var unreachable = await DiagnoseAsync(Setup.Of("Postgres", nowhere), folder.Combine("data"));
        unreachable.ExitCode.ShouldBe(3);
        unreachable.Of("store").Found.ShouldContain("The database cannot be reached");
        unreachable.Of("clock").Outcome.ShouldBe("warning");
    }

    [Fact]
    public async Task A_model_is_asked_for_a_word_and_a_key_or_model_that_it_does_not_know_is_told_with_what_to_do()
    {
        using var folder = new TemporaryFolder();
        await using var models = await ModelServer.StartAsync(
            call => call.Body.GetProperty("model").GetString() == "nowhere" ? new ModelReply.Error(404, "not_found_error", "model: nowhere") : ModelReply.Says("ready"), Cancelled);
        var setup = new Setup { Variables = new() { ["ANTHROPIC_API_KEY"] = ModelServer.Key, ["ANTHROPIC_BASE_URL"] = models.Url, ["OPENAI_API_KEY"] = "sk-wrong-0123", ["OPENAI_BASE_URL"] = models.OpenAiUrl } };

        var asked = await DiagnoseAsync(setup, folder.Combine("data"));

        asked.Of("agent anthropic").Outcome.ShouldBe("ok", asked.Of("agent anthropic").Found);
        asked.Of("agent anthropic").Found.ShouldEndWith(" answers");
        asked.Of("agent openai").Outcome.ShouldBe("failed");
        asked.Of("agent openai").Remedy.ShouldStartWith("set OPENAI_API_KEY to a key that the provider knows");
        asked.Findings.ShouldAllBe(finding => !finding.Found.Contains("sk-wrong", StringComparison.Ordinal) && !finding.Found.Contains(ModelServer.Key, StringComparison.Ordinal));
        models.Calls.Count.ShouldBe(2);

        var unknown = await DiagnoseAsync(setup.With("Agents:Anthropic:Model", "nowhere"), folder.Combine("data"));
        unknown.Of("agent anthropic").Remedy.ShouldBe("name a model that the key may use: AiCd:Agents:Anthropic:Model");
        (await DiagnoseAsync(null, folder.Combine("data"))).Of("agent openai").ShouldBe(("agent openai", "ok", "not configured: no OPENAI_API_KEY", null));
    }

    [Fact]
    public async Task GitHub_is_asked_who_the_App_is_and_whether_its_deliveries_arrived()
    {
        using var folder = new TemporaryFolder();
        await using var bench = await GitHubBench.CreateAsync();
        var setup = bench.AsApp;
        setup.Variables["GITHUB_WEBHOOK_SECRET"] = "not a secret";

        var quiet = await DiagnoseAsync(setup, folder.Combine("data"));
        quiet.Of("github").ShouldBe(("github", "ok", "the App aicd-test, installed 1 times", null));
        quiet.Of("webhook").Outcome.ShouldBe("warning");
        quiet.Of("webhook").Found.ShouldStartWith("GitHub delivered nothing");

        bench.GitHub.App.Deliveries.Add(new FakeDelivery(1, Guid.NewGuid().ToString(), "issues", "labeled", TimeProvider.System.GetUtcNow().AddHours(-1), 502, Redelivery: false));
        var unreachable = await DiagnoseAsync(setup, folder.Combine("data"));
        unreachable.Of("webhook").Outcome.ShouldBe("failed");
        unreachable.Of("webhook").Found.ShouldEndWith("ended with status 502");

        setup.Variables["GITHUB_APP_CLIENT_ID"] = "Iv23another";
        var stranger = await DiagnoseAsync(setup, folder.Combine("data"));
        stranger.Of("github").Outcome.ShouldBe("failed");
        stranger.Of("github").Remedy.ShouldStartWith("see that AiCd:GitHub:ClientId is the App's client id");
    }

    [Fact]
    public async Task Hooks_are_reached_without_a_request_and_their_addresses_are_not_told()
    {
        using var folder = new TemporaryFolder();
        await using var hook = await HookReceiver.StartAsync(Cancelled);
        var setup = Setup.Of("Notifications:Hooks:0:Name", "chat").With("Notifications:Hooks:0:Url", hook.Url).With("Notifications:Hooks:0:Format", "slack");

        var reached = await DiagnoseAsync(setup, folder.Combine("data"));
        reached.Of("hooks").ShouldBe(("hooks", "ok", "chat can be reached", null));
        hook.Requests.ShouldBeEmpty();

        var gone = await DiagnoseAsync(setup.With("Notifications:Hooks:0:Url", "http://127.0.0.1:1/s3cr3t-path"), folder.Combine("data"));
        gone.Of("hooks").Outcome.ShouldBe("failed");
        gone.Of("hooks").Found.ShouldStartWith("chat: 127.0.0.1:1: ");
        gone.Of("hooks").Found.ShouldNotContain("s3cr3t-path");
    }

    [Fact]
    public async Task Settings_that_are_wrong_are_findings_too()
    {
        using var folder = new TemporaryFolder();

        var doctor = await DiagnoseAsync(Setup.Of("MaxReviewRounds", "21"), folder.Combine("data"));

        doctor.ExitCode.ShouldBe(3);
        doctor.Of("settings").Outcome.ShouldBe("failed");
        doctor.Of("settings").Found.ShouldContain("AiCd:MaxReviewRounds: expected a whole number from 1 to 20, got '21'");
    }

    [Fact]
    public async Task On_a_terminal_outcomes_have_colours_and_every_failure_its_remedy()
    {
        var doctor = await Terminal.RunAsync(Setup.Of("Git:Executable", "no-such-git"), "doctor", "--data", "/proc/aicd");

        doctor.ExitCode.ShouldBe(3, doctor.Output);
        doctor.Output.ShouldContain($"{Terminal.Escape}38;5;9mfailed");
        doctor.Output.ShouldContain("to mend it: install git");
    }

    private static async Task<Diagnosis> DiagnoseAsync(Setup? setup, string data)
    {
        var result = await Aicd.RunAsync(setup, "doctor", "--json", "--data", data);
        using var told = JsonDocument.Parse(result.Output);
        var findings = told.RootElement.EnumerateArray().Select(line => (
            line.GetProperty("name").GetString()!, line.GetProperty("outcome").GetString()!, line.GetProperty("found").GetString()!, line.GetProperty("remedy").GetString())).ToList();
        result.ExitCode.ShouldBe(findings.Any(finding => finding.Item2 == "failed") ? 3 : 0, result.Errors);
        return new Diagnosis(result.ExitCode, findings);
    }

    private sealed record Diagnosis(int ExitCode, IReadOnlyList<(string Name, string Outcome, string Found, string? Remedy)> Findings)
    {
        public IEnumerable<string> Names => Findings.Select(finding => finding.Name);

        public (string Name, string Outcome, string Found, string? Remedy) Of(string name) => Findings.First(finding => finding.Name == name);
    }
}
