using System.Text.Json;

namespace AiCd.Host.Tests.EndToEnd;

public sealed class JobsCommandTests(TwoJobs jobs) : IClassFixture<TwoJobs>
{
    [Fact]
    public async Task The_list_shows_the_newest_first_with_state_and_pull_request()
    {
        var list = await JobsAsync("list");

        list.ShouldContain($"{jobs.Completed}  COMPLETED");
        list.ShouldContain("#1    Say more about app.txt");
        list.ShouldContain($"{jobs.Failed}  FAILED");
        list.IndexOf(jobs.Failed, StringComparison.Ordinal).ShouldBeLessThan(list.IndexOf(jobs.Completed, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_list_can_be_narrowed_and_read_by_programs()
    {
        using var failed = JsonDocument.Parse(await JobsAsync("list", "--state", "failed", "--json"));
        var only = failed.RootElement.EnumerateArray().ShouldHaveSingleItem();
        only.GetProperty("jobId").GetString().ShouldBe(jobs.Failed);
        only.GetProperty("failureCode").GetString().ShouldBe("mock_failure");
        only.GetProperty("quarantine").ValueKind.ShouldBe(JsonValueKind.Null);

        using var newest = JsonDocument.Parse(await JobsAsync("list", "--limit", "1", "--json"));
        newest.RootElement.EnumerateArray().ShouldHaveSingleItem().GetProperty("jobId").GetString().ShouldBe(jobs.Failed);

        (await JobsAsync("list", "--state", "CANCELLED")).ShouldBe("No jobs\n");
    }

    [Fact]
    public async Task A_job_is_shown_with_history_attempts_artifacts_and_pull_request()
    {
        var shown = await JobsAsync("show", jobs.Completed[..14]);

        shown.ShouldContain("State         COMPLETED since ");
        shown.ShouldContain("Pull request  #1 ");
        shown.ShouldContain("REVIEWING  round 1, attempt 1  succeeded after ");
        shown.ShouldContain("bundle");
        shown.ShouldNotContain('\u001b');
    }

    [Fact]
    public async Task A_failed_job_is_shown_with_its_failure_to_programs_too()
    {
        (await JobsAsync("show", jobs.Failed)).ShouldContain("Failure       CODING (mock_failure): Attempt 2 of 2 failed too");

        using var shown = JsonDocument.Parse(await JobsAsync("show", jobs.Failed.ToUpperInvariant(), "--json"));
        var job = shown.RootElement;
        job.GetProperty("state").GetString().ShouldBe("FAILED");
        job.GetProperty("history").EnumerateArray().Select(entry => entry.GetProperty("state").GetString()).ShouldBe(["QUEUED", "PLANNING", "CODING", "FAILED"]);
        job.GetProperty("failure").GetProperty("code").GetString().ShouldBe("mock_failure");
        job.GetProperty("pullRequest").ValueKind.ShouldBe(JsonValueKind.Null);
        job.GetProperty("artifacts").EnumerateArray().Select(artifact => artifact.GetProperty("kind").GetString()).ShouldBe(["issue", "plan", "transcript", "transcript", "transcript"]);
        job.GetProperty("attempts").EnumerateArray()
            .Select(attempt => $"{attempt.GetProperty("stage").GetString()} {attempt.GetProperty("number").GetInt32()} {attempt.GetProperty("outcome").GetString()}")
            .ShouldBe(["PLANNING 1 succeeded", "CODING 1 failed", "CODING 2 failed"]);
    }

    [Fact]
    public async Task A_beginning_that_fits_several_jobs_is_refused_with_two_of_them()
    {
        var refused = await Aicd.RunAsync("jobs", "show", jobs.Completed[..2], "--data", jobs.Data);

        refused.ExitCode.ShouldBe(2);
        refused.Errors.ShouldContain($"which is that of {jobs.Failed} and {jobs.Completed} at least");
    }

    [Fact]
    public async Task A_job_that_has_ended_is_not_driven_again_but_its_end_is_told()
    {
        var completed = await Aicd.RunAsync("run", "--resume", jobs.Completed, "--data", jobs.Data, "--json");
        completed.ExitCode.ShouldBe(0, completed.Errors);
        RunLines.Parse(completed.Output).ShouldBeCompleted();

        var failed = await Aicd.RunAsync("run", "--resume", jobs.Failed, "--data", jobs.Data);
        failed.ExitCode.ShouldBe(1);
        failed.Output.ShouldContain("Failure       CODING (mock_failure)");
    }

    private async Task<string> JobsAsync(params string[] arguments) =>
        (await Aicd.RunAsync(["jobs", .. arguments, "--data", jobs.Data])).EnsureSuccess().Output;
}

/// <summary>A data folder with a job that was completed and, after it, one that failed; only looked at.</summary>
public sealed class TwoJobs : IAsyncLifetime
{
    private Workbench _bench = null!;

    public string Data => _bench.Data;

    public string Repository => _bench.Repository.Location;

    public string Completed { get; private set; } = "";

    public string Failed { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        _bench = await Workbench.CreateAsync();
        Completed = RunLines.Parse((await Aicd.RunAsync(_bench.Run())).EnsureSuccess().Output).Job;
        var failing = Setup.Of("Agents:Mock:FailCoding", "-1").With("Stages:Coding:Attempts", "2").With("Stages:Coding:Backoff", "00:00:00");
        Failed = RunLines.Parse((await Aicd.RunAsync(failing, _bench.Run())).Output).Job;
    }

    public ValueTask DisposeAsync()
    {
        _bench.Dispose();
        return ValueTask.CompletedTask;
    }
}
