using System.Text.Json;
using System.Text.Json.Nodes;
using AiCd.Host.Tests.EndToEnd;
using AiCd.Testing;

namespace AiCd.Host.Tests.Operating;

public sealed class InspectionTests(TwoJobs jobs) : IClassFixture<TwoJobs>
{
    [Fact]
    public async Task The_short_forms_are_those_of_jobs()
    {
        (await RunAsync("list")).ShouldBe(await RunAsync("jobs", "list"));
        (await RunAsync("show", jobs.Completed)).ShouldBe(await RunAsync("jobs", "show", jobs.Completed));
        (await RunAsync("show", jobs.Completed, "--json")).ShouldBe(await RunAsync("jobs", "show", jobs.Completed, "--json"));
    }

    [Fact]
    public async Task A_replay_prints_every_step_and_the_state_that_it_ends_in()
    {
        var replay = await RunAsync("replay", jobs.Completed);

        replay.ShouldContain("   1    +0.000 s  SUBMITTED            QUEUED     PLANNING   job ");
        replay.ShouldContain("PLAN_SUCCEEDED       CODING     CODING     planned: ");
        replay.ShouldContain("State         COMPLETED after event 13");
        replay.ShouldContain("Owes          nothing");
    }

    [Fact]
    public async Task A_replay_stops_where_it_is_told_to()
    {
        var replay = await RunAsync("replay", jobs.Completed, "--at", "4");
        replay.ShouldContain("State         CODING after event 4");
        replay.ShouldContain("Owes          CODING");
        replay.ShouldNotContain("CODE_SUCCEEDED");

        var beyond = await Aicd.RunAsync("replay", jobs.Completed, "--at", "14", "--data", jobs.Data);
        beyond.ExitCode.ShouldBe(2);
        beyond.Errors.ShouldContain("--at: expected a whole number from 1 to 13, the last event of the job, got '14'");

        var none = await Aicd.RunAsync("replay", jobs.Completed, "--at", "0", "--data", jobs.Data);
        none.ExitCode.ShouldBe(2);
        none.Errors.ShouldContain("--at: expected a whole number from 1 to");
    }

    [Fact]
    public async Task Programs_get_the_whole_state_after_every_event()
    {
        var steps = Lines(await RunAsync("replay", jobs.Failed, "--json"));

        steps.Select(step => step.GetProperty("seq").GetInt32()).ShouldBe(Enumerable.Range(1, steps.Count));
        steps[0].GetProperty("owed").GetString().ShouldBe("PLANNING");
        steps[0].GetProperty("active").GetBoolean().ShouldBeTrue();
        steps[^1].GetProperty("state").GetString().ShouldBe("FAILED");
        steps[^1].GetProperty("active").GetBoolean().ShouldBeFalse();
        steps[^1].GetProperty("job").GetProperty("failure").GetProperty("code").GetString().ShouldBe("mock_failure");
        steps.ShouldAllBe(step => step.GetProperty("job").GetProperty("seq").GetInt32() == step.GetProperty("seq").GetInt32());
    }

    [Fact]
    public async Task A_diff_is_what_git_takes_and_its_numbers_and_the_commit_can_be_asked_for()
    {
        var diff = await RunAsync("diff", jobs.Completed);
        diff.ShouldStartWith("diff --git a/README.md b/README.md\n");
        var applied = await ProcessRunner.RunAsync(
            ProcessRunner.Command("git", ["apply", "--check", "-"], GitRepository.Environment, jobs.Repository), diff, TestContext.Current.CancellationToken);
        applied.ExitCode.ShouldBe(0, applied.Errors);

        (await RunAsync("diff", jobs.Completed, "--stat")).ShouldContain("3 files changed, ");
        var stat = JsonNode.Parse(await RunAsync("diff", jobs.Completed, "--stat", "--json"))!.AsObject();
        stat["files"]!.AsArray().Count.ShouldBe(3);
        stat.ContainsKey("diff").ShouldBeFalse();

        using var told = JsonDocument.Parse(await RunAsync("diff", jobs.Completed, "--json"));
        told.RootElement.GetProperty("diff").GetString().ShouldBe(diff);
        told.RootElement.GetProperty("round").GetInt32().ShouldBe(1);
        told.RootElement.GetProperty("change").GetProperty("filesChanged").GetInt32().ShouldBe(3);
    }

    [Fact]
    public async Task There_is_no_diff_of_a_round_that_never_was()
    {
        var failed = await Aicd.RunAsync("diff", jobs.Failed, "--data", jobs.Data);
        failed.ExitCode.ShouldBe(1);
        failed.Errors.ShouldContain($"Job {jobs.Failed} has no change: it is FAILED");

        var second = await Aicd.RunAsync("diff", jobs.Completed, "--round", "2", "--data", jobs.Data);
        second.ExitCode.ShouldBe(2);
        second.Errors.ShouldContain("--round: expected a whole number from 1 to 1, got '2'");
    }

    [Fact]
    public async Task Logs_show_who_said_what_between_the_events()
    {
        var logs = await RunAsync("logs", jobs.Completed);
        logs.ShouldContain("  QUEUED     job ");
        logs.ShouldContain("    --- transcript ");
        logs.ShouldContain("    user: ");
        logs.ShouldContain("    assistant: ");

        var coding = Lines(await RunAsync("logs", jobs.Completed, "--stage", "coding", "--json"));
        var only = coding.ShouldHaveSingleItem();
        only.GetProperty("stage").GetString().ShouldBe("CODING");
        only.GetProperty("kind").GetString().ShouldBe("transcript");
        only.GetProperty("text").GetString()!.ShouldContain("Carry out this plan.");

        var wrong = await Aicd.RunAsync("logs", jobs.Completed, "--stage", "DREAMING", "--data", jobs.Data);
        wrong.ExitCode.ShouldBe(2);
        wrong.Errors.ShouldContain("--stage: expected one of PLANNING, CODING, REVIEWING, PR_OPEN, got 'DREAMING'");
    }

    [Fact]
    public async Task Watching_a_job_that_has_ended_tells_its_story_and_its_end()
    {
        var completed = await Aicd.RunAsync("watch", jobs.Completed, "--data", jobs.Data, "--json");
        completed.ExitCode.ShouldBe(0, completed.Errors);
        RunLines.Parse(completed.Output).ShouldBeCompleted();

        var failed = await Aicd.RunAsync("watch", jobs.Failed, "--data", jobs.Data);
        failed.ExitCode.ShouldBe(1);
        failed.Errors.ShouldBeEmpty();
        failed.Output.ShouldContain("Failure       CODING (mock_failure)");
    }

    [Fact]
    public async Task On_a_terminal_a_diff_has_colours_unless_they_are_forbidden()
    {
        var coloured = await Terminal.RunAsync(null, "diff", jobs.Completed, "--data", jobs.Data);
        coloured.ExitCode.ShouldBe(0, coloured.Output);
        coloured.Output.ShouldContain($"{Terminal.Escape}38;5;2m+");

        var plain = await Terminal.RunAsync(new Setup { Variables = new() { ["NO_COLOR"] = "1" } }, "diff", jobs.Completed, "--data", jobs.Data);
        plain.ExitCode.ShouldBe(0, plain.Output);
        plain.Output.ShouldNotContain($"{Terminal.Escape}38");
        plain.Output.ShouldContain("+++ b/README.md");
    }

    [Fact]
    public async Task On_a_terminal_watch_draws_its_table_in_place()
    {
        var watch = await Terminal.RunAsync(null, "watch", jobs.Completed, "--data", jobs.Data);

        watch.ExitCode.ShouldBe(0, watch.Output);
        watch.Output.ShouldContain("PLANNING");
        watch.Output.ShouldContain("✓");
        watch.Output.ShouldContain(Terminal.Escape);
        watch.Output.ShouldContain("COMPLETED");
    }

    [Fact]
    public async Task Every_command_that_looks_works_on_a_terminal_and_for_programs_without_a_server() =>
        await EveryCommand.ShouldWorkAsync(Setup.Of("DataFolder", jobs.Data), jobs.Completed, hasNode: false);

    [Theory]
    [InlineData("replay")]
    [InlineData("diff")]
    [InlineData("logs")]
    [InlineData("watch")]
    [InlineData("export")]
    public async Task A_job_that_is_not_there_is_bad_input_and_so_is_none(string command)
    {
        var unknown = await Aicd.RunAsync(command, "1aaaaaaaaaaaaaaa", "--data", jobs.Data);
        unknown.ExitCode.ShouldBe(2);
        unknown.Errors.ShouldContain("JOB: expected a job of this data folder, got '1aaaaaaaaaaaaaaa', which is none");

        var none = await Aicd.RunAsync(command, "--data", jobs.Data);
        none.ExitCode.ShouldBe(2);
        none.Errors.ShouldContain("Required argument 'JOB' missing");
    }

    private async Task<string> RunAsync(params string[] arguments) =>
        (await Aicd.RunAsync([.. arguments, "--data", jobs.Data])).EnsureSuccess().Output;

    private static List<JsonElement> Lines(string output) =>
        [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];
}
