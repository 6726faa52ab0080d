using System.Text.Json.Nodes;
using AiCd.Actors.Jobs;
using AiCd.Host.Client;
using AiCd.Web.Jobs;
using AiCd.Web.Operations;

namespace AiCd.Host.Commands.Steering;

/// <summary>Steers the jobs of a server.</summary>
/// <param name="jobs">Owns the client.</param>
internal sealed class ServerJobControl(ApiClient api, ServerJobs jobs) : IJobControl
{
    private static readonly Dictionary<string, string> ActionOptions = new()
    {
        ["reason"] = "TEXT",
        ["text"] = "TEXT",
        ["seq"] = "--at",
        ["agent"] = "--agent",
        ["limit"] = "USD",
        ["of"] = "--of",
    };

    public Task<JobId> FindAsync(string job, CancellationToken interrupted) => jobs.FindAsync(job, "JOB", interrupted);

    public async Task<MadeJob> SubmitAsync(JobOrder order, CancellationToken interrupted)
    {
        // A key of its own makes it safe to ask again where the answer was lost.
        var key = order.Key ?? Guid.NewGuid().ToString("N");
        try
        {
            var made = await api.PostAsync<SubmittedJob>("jobs", order.Request, key, interrupted);
            return new MadeJob(JobId.Parse(made.Id), made.Created, made.Settled);
        }
        catch (ApiException refused)
        {
            throw refused.About("Submission", JobOrder.Options);
        }
    }

    public Task<MadeJob> RetryAsync(JobId job, CancellationToken interrupted) => LinkAsync(job, "retry", null, interrupted);

    public Task<MadeJob> ForkAsync(JobId job, int? seq, string? agent, CancellationToken interrupted) => LinkAsync(job, "fork", new ForkRequest(seq, agent), interrupted);

    public Task<SteeredJob> CancelAsync(JobId job, string reason, CancellationToken interrupted) => ActAsync(job, "cancel", new ReasonRequest(reason), interrupted);

    public async Task<SteeredJob> ApproveAsync(JobId job, string? plan, CancellationToken interrupted)
    {
        var found = await api.GetAsync<JobDetails>($"jobs/{job}", interrupted);
        var proposed = found.ProposedPlan ?? throw Refusals.NoPlan(job, found.State);
        return plan is null || plan == proposed.PlanSha256
            ? await ActAsync(job, "approve", new ApproveRequest(proposed.Approval), interrupted)
            : throw Refusals.OtherPlan(job, proposed.PlanSha256);
    }

    public Task<SteeredJob> RejectAsync(JobId job, string reason, CancellationToken interrupted) => ActAsync(job, "reject", new RejectRequest(reason), interrupted);

    public Task<SteeredJob> FeedbackAsync(JobId job, string text, CancellationToken interrupted) => ActAsync(job, "feedback", new FeedbackRequest(text), interrupted);

    public async Task<BudgetResponse> SetBudgetAsync(JobId job, BudgetRequest request, CancellationToken interrupted)
    {
        try
        {
            return await api.PostAsync<BudgetResponse>($"jobs/{job}/budget", request, key: null, interrupted);
        }
        catch (ApiException refused)
        {
            throw refused.About($"Job {job}", ActionOptions);
        }
    }

    public ValueTask DisposeAsync() => jobs.DisposeAsync();

    private async Task<SteeredJob> ActAsync(JobId job, string action, object request, CancellationToken interrupted)
    {
        try
        {
            // A job as it stands, or no more than the word that the command will be handled.
            var answer = await api.PostAsync<JsonObject>($"jobs/{job}/{action}", request, key: null, interrupted);
            return answer["state"]?.GetValue<string>() is { } state && answer["seq"]?.GetValue<int>() is { } seq && WireNames.TryParse<JobState>(state, out var known)
                ? new SteeredJob(job, known, seq)
                : throw Refusals.Pending(job);
        }
        catch (ApiException refused)
        {
            throw refused.About($"Job {job}", ActionOptions);
        }
    }

    private async Task<MadeJob> LinkAsync(JobId job, string action, object? request, CancellationToken interrupted)
    {
        try
        {
            var made = await api.PostAsync<SubmittedJob>($"jobs/{job}/{action}", request, key: null, interrupted);
            return new MadeJob(JobId.Parse(made.Id), made.Created, made.Settled, job);
        }
        catch (ApiException refused)
        {
            throw refused.About($"Job {job}", ActionOptions);
        }
    }
}
