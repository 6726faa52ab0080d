using System.Net;
using AiCd.Actors.Jobs;
using AiCd.Web.Tests.Support;

namespace AiCd.Web.Tests.Jobs;

public sealed class ActionTests : IAsyncLifetime
{
    private WebServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await WebServer.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task A_job_is_cancelled_once_and_then_its_state_does_not_allow_it()
    {
        var id = await HeldAsync("hold:CODING", JobState.Coding);

        var (status, job) = await _server.Acme.TellAsync($"/api/v1/jobs/{id}/cancel", new { reason = "Enough" });

        status.ShouldBe(HttpStatusCode.OK);
        ((string)job!["state"]!).ShouldBe("CANCELLED");
        var again = await _server.Acme.TellAsync($"/api/v1/jobs/{id}/cancel");
        again.ShouldBeProblem(HttpStatusCode.Conflict, "illegal-transition");
        ((string)again.Body!["state"]!).ShouldBe("CANCELLED");
        ((string)again.Body["detail"]!).ShouldBe("Invalid event MARK_CANCELLED for current state CANCELLED");
    }

    [Fact]
    public async Task An_action_on_a_job_that_has_moved_on_is_refused()
    {
        var id = await HeldAsync("hold:CODING", JobState.Coding);
        using var shown = await _server.Acme.ResponseAsync(HttpMethod.Get, $"/api/v1/jobs/{id}");
        var etag = shown.Headers.ETag!.Tag;

        (await _server.Acme.TellAsync($"/api/v1/jobs/{id}/feedback", new { text = "First" }, ("If-Match", etag))).Status.ShouldBe(HttpStatusCode.OK);

        (await _server.Acme.TellAsync($"/api/v1/jobs/{id}/feedback", new { text = "Second" }, ("If-Match", etag))).ShouldBeProblem(HttpStatusCode.PreconditionFailed, "changed", "If-Match");
        (await _server.Acme.TellAsync($"/api/v1/jobs/{id}/retry", null, ("If-Match", etag))).ShouldBeProblem(HttpStatusCode.PreconditionFailed, "changed", "If-Match");
        (await _server.Acme.TellAsync($"/api/v1/jobs/{id}/cancel", null, ("If-Match", "yes"))).ShouldBeProblem(HttpStatusCode.BadRequest, "invalid-field", "If-Match");
        (await _server.UntilAsync(id, job => job.Feedback.Count == 1)).Feedback[0].By.ShouldStartWith("key:acme");
    }

    [Fact]
    public async Task A_plan_is_approved_by_what_was_read_and_by_nothing_else()
    {
        var id = await ProposedAsync();
        var approval = await ApprovalAsync(id);

        (await _server.Acme.TellAsync($"/api/v1/jobs/{id}/approve", new { approval = "0000" })).ShouldBeProblem(HttpStatusCode.Conflict, "stale-approval", "approval");
        (await _server.Acme.TellAsync($"/api/v1/jobs/{id}/approve", new { approval })).Status.ShouldBe(HttpStatusCode.OK);

        await _server.UntilAsync(id, JobState.Completed);
        (await _server.Acme.TellAsync($"/api/v1/jobs/{id}/approve", new { approval })).ShouldBeProblem(HttpStatusCode.Conflict, "illegal-transition");
    }

    [Fact]
    public async Task A_plan_made_on_another_base_commit_is_void_and_made_anew()
    {
        var id = await ProposedAsync();
        var approval = await ApprovalAsync(id);
        _server.Repository.BaseSha = "base-2";

        (await _server.Acme.TellAsync($"/api/v1/jobs/{id}/approve", new { approval })).ShouldBeProblem(HttpStatusCode.Conflict, "stale-approval", "approval");

        await _server.UntilAsync(id, job => job.ProposedPlan?.BaseSha == "base-2");
        (await ApprovalAsync(id)).ShouldNotBe(approval);
        (await _server.Acme.TellAsync($"/api/v1/jobs/{id}/approve", new { approval = await ApprovalAsync(id) })).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_rejected_plan_is_made_anew_with_the_reason()
    {
        var id = await ProposedAsync();
        var approval = await ApprovalAsync(id);

        (await _server.Acme.TellAsync($"/api/v1/jobs/{id}/reject", new { reason = "Smaller" })).Status.ShouldBe(HttpStatusCode.OK);

        var job = await _server.UntilAsync(id, job => job.ProposedPlan is not null);
        job.Feedback.ShouldHaveSingleItem().Text.ShouldBe("Smaller");
        (await ApprovalAsync(id)).ShouldNotBe(approval);
    }

    [Fact]
    public async Task A_priority_is_changed()
    {
        var id = await HeldAsync("hold:CODING", JobState.Coding);

        var (status, job) = await _server.Acme.TellAsync($"/api/v1/jobs/{id}/priority", new { priority = 50 });

        status.ShouldBe(HttpStatusCode.OK);
        ((int)job!["priority"]!).ShouldBe(50);
        (await _server.Acme.TellAsync($"/api/v1/jobs/{id}/priority", new { priority = 50 })).ShouldBeProblem(HttpStatusCode.Conflict, "already-done");
        (await _server.Acme.TellAsync($"/api/v1/jobs/{id}/priority", new { priority = 101 })).ShouldBeProblem(HttpStatusCode.BadRequest, "invalid-field", "priority");
        (await _server.Acme.TellAsync($"/api/v1/jobs/{id}/priority", new { })).ShouldBeProblem(HttpStatusCode.BadRequest, "missing-field", "priority");
    }

    [Fact]
    public async Task A_retry_goes_on_from_the_failed_stage_on_the_same_branch_and_is_made_once_while_it_is_at_work()
    {
        var id = await HeldAsync("fail:REVIEWING hold:PR_OPEN", JobState.Failed);
        var (status, made) = await _server.Acme.TellAsync($"/api/v1/jobs/{id}/retry");
        status.ShouldBe(HttpStatusCode.Created);
        var retry = await _server.UntilAsync((string)made!["id"]!, JobState.Failed);

        retry.Submission.Parent!.Job.Value.ShouldBe(id);
        retry.Submission.Branch.ShouldBe((await _server.UntilAsync(id, JobState.Failed)).Submission.Branch);
        var (_, events) = await _server.Acme.AskAsync($"/api/v1/jobs/{retry.Id}/events");
        var told = events!["items"]!.AsArray();
        told.Take(5).Select(e => (string)e!["event"]!).ShouldBe(["SUBMITTED", "START_PLANNING", "PLAN_SUCCEEDED", "START_CODING", "CODE_SUCCEEDED"]);
        told.Skip(1).Take(4).ShouldAllBe(e => (bool)e!["inherited"]!);
        ((string)told[5]!["event"]!).ShouldBe("START_REVIEWING");
    }

    [Fact]
    public async Task A_retry_that_is_at_work_is_given_again()
    {
        var id = await HeldAsync("hold:CODING", JobState.Coding);
        await _server.Acme.TellAsync($"/api/v1/jobs/{id}/cancel");
        var (first, made) = await _server.Acme.TellAsync($"/api/v1/jobs/{id}/retry");
        var (second, again) = await _server.Acme.TellAsync($"/api/v1/jobs/{id}/retry");

        first.ShouldBe(HttpStatusCode.Created);
        second.ShouldBe(HttpStatusCode.OK);
        ((string)again!["id"]!).ShouldBe((string)made!["id"]!);
        (await _server.Acme.TellAsync($"/api/v1/jobs/{made["id"]}/retry")).ShouldBeProblem(HttpStatusCode.Conflict, "illegal-transition");
    }

    [Fact]
    public async Task A_job_that_goes_on_from_another_is_forked_while_it_runs()
    {
        var id = await HeldAsync("hold:CODING", JobState.Coding);
        await _server.Acme.TellAsync($"/api/v1/jobs/{id}/cancel");
        var retry = (string)(await _server.Acme.TellAsync($"/api/v1/jobs/{id}/retry")).Body!["id"]!;
        await _server.UntilAsync(retry, JobState.Coding);

        var (status, fork) = await _server.Acme.TellAsync($"/api/v1/jobs/{retry}/fork", new { agent = "other" });

        status.ShouldBe(HttpStatusCode.Created);
        (await _server.UntilAsync((string)fork!["id"]!, JobState.Coding)).Submission.Parent!.Job.Value.ShouldBe(retry);
    }

    [Fact]
    public async Task A_fork_goes_on_from_an_event_with_another_agent_on_a_branch_of_its_own()
    {
        var id = await HeldAsync("Fork me", JobState.Completed);

        var (status, made) = await _server.Acme.TellAsync($"/api/v1/jobs/{id}/fork", new { seq = 3, agent = "other" });

        status.ShouldBe(HttpStatusCode.Created);
        var fork = await _server.UntilAsync((string)made!["id"]!, JobState.Completed);
        fork.Submission.Agent.ShouldBe("other");
        fork.Submission.Parent!.Kind.ShouldBe(JobLinkKind.Fork);
        fork.Submission.Parent.Inherited.ShouldBe(2);
        fork.Submission.Branch.ShouldNotBe((await _server.UntilAsync(id, JobState.Completed)).Submission.Branch);
        (await _server.Acme.TellAsync($"/api/v1/jobs/{id}/fork", new { seq = 99 })).ShouldBeProblem(HttpStatusCode.BadRequest, "invalid-field", "seq");
        (await _server.Acme.TellAsync($"/api/v1/jobs/{id}/fork", new { agent = "nobody" })).ShouldBeProblem(HttpStatusCode.BadRequest, "invalid-field", "agent");
    }

    [Fact]
    public async Task A_bulk_action_is_counted_first_and_done_only_as_it_was_counted()
    {
        var held = new List<string>();
        for (var i = 0; i < 7; i++)
        {
            held.Add(await HeldAsync("hold:CODING bulk", JobState.Coding));
        }

        var other = await HeldAsync("hold:CODING", JobState.Coding);
        var filter = new { text = "bulk" };
        var (status, preview) = await _server.Acme.TellAsync("/api/v1/jobs/bulk", new { action = "cancel", filter });
        status.ShouldBe(HttpStatusCode.OK);
        ((long)preview!["matched"]!).ShouldBe(7);
        ((bool)preview["done"]!).ShouldBeFalse();

        (await _server.Acme.TellAsync("/api/v1/jobs/bulk", new { action = "cancel", filter = new { }, confirm = (string)preview["confirm"]! }))
            .ShouldBeProblem(HttpStatusCode.BadRequest, "invalid-field", "confirm");
        var (_, done) = await _server.Acme.TellAsync("/api/v1/jobs/bulk", new { action = "cancel", filter, confirm = (string)preview["confirm"]! });

        ((int)done!["applied"]!).ShouldBe(7);
        ((long)done["remaining"]!).ShouldBe(0);
        foreach (var id in held)
        {
            await _server.UntilAsync(id, JobState.Cancelled);
        }

        await _server.UntilAsync(other, JobState.Coding);
        (await _server.Acme.TellAsync("/api/v1/jobs/bulk", new { action = "explode", filter })).ShouldBeProblem(HttpStatusCode.BadRequest, "invalid-field", "action");
        (await _server.Acme.TellAsync("/api/v1/jobs/bulk", new { action = "cancel", filter = new { state = new[] { "FAILED" } } })).ShouldBeProblem(HttpStatusCode.BadRequest, "invalid-field", "filter.state");
    }

    [Theory]
    [InlineData("cancel")]
    [InlineData("retry")]
    public async Task An_unknown_id_is_nothing_that_is_there(string action)
    {
        (await _server.Acme.TellAsync($"/api/v1/jobs/0123456789abcdef/{action}")).ShouldBeProblem(HttpStatusCode.NotFound, "not-found");
        (await _server.Acme.TellAsync($"/api/v1/jobs/nonsense/{action}")).ShouldBeProblem(HttpStatusCode.NotFound, "not-found");
    }

    private async Task<string> HeldAsync(string title, JobState state)
    {
        var id = await _server.Acme.SubmitAsync(title);
        await _server.UntilAsync(id, state);
        return id;
    }

    private async Task<string> ProposedAsync()
    {
        var id = await _server.Acme.SubmitAsync("Plan first", more: new { requirePlanApproval = true });
        await _server.UntilAsync(id, job => job.ProposedPlan is not null);
        return id;
    }

    private async Task<string> ApprovalAsync(string id)
    {
        var (_, job) = await _server.Acme.AskAsync($"/api/v1/jobs/{id}");
        ((string)job!["waiting"]!["code"]!).ShouldBe("approval");
        return (string)job["proposedPlan"]!["approval"]!;
    }
}
