using AiCd.Web.Access;
using AiCd.Web.Administration;
using AiCd.Web.OpenApi;
using AiCd.Web.Problems;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using static AiCd.Web.Jobs.JobHandlers;

namespace AiCd.Web.Jobs;

/// <summary>The routes of jobs; what answers them is in <see cref="JobHandlers"/>.</summary>
internal static class JobRoutes
{
    public static void MapJobs(this RouteGroupBuilder api)
    {
        var jobs = api.MapGroup("/jobs").WithTags("Jobs");

        jobs.MapPost("/", Submit).WithName("submitJob").Requires(Scopes.Write)
            .Problems(ProblemType.KeyReused, ProblemType.Unprocessable, ProblemType.QuotaExceeded).ExampleBody(Examples.Submit);
        jobs.MapGet("/", List).WithName("listJobs").Requires(Scopes.Read).Problems(ProblemType.InvalidCursor);
        jobs.MapPost("/bulk", Bulk).WithName("bulkJobs").Requires(Scopes.Write).Audited("job.bulk").ExampleBody(Examples.Bulk);
        jobs.MapGet("/{id}", Get).WithName("getJob").Requires(Scopes.Read).Problems(ProblemType.NotFound);
        jobs.MapGet("/{id}/events", Events).WithName("listEvents").Requires(Scopes.Read).Problems(ProblemType.NotFound);
        jobs.MapGet("/{id}/journal", Journal).WithName("listJournal").Requires(Scopes.Read).Problems(ProblemType.NotFound);
        jobs.MapGet("/{id}/state", StateAt).WithName("getJobAt").Requires(Scopes.Read).Problems(ProblemType.NotFound);
        jobs.MapGet("/{id}/artifacts", Artifacts).WithName("listArtifacts").Requires(Scopes.Read).Problems(ProblemType.NotFound);
        jobs.MapGet("/{id}/artifacts/{sha256}", Artifact).WithName("getArtifact").Requires(Scopes.Read).Problems(ProblemType.NotFound)
            .Produces(StatusCodes.Status200OK, contentType: "application/octet-stream").Produces(StatusCodes.Status206PartialContent, contentType: "application/octet-stream");

        var actions = jobs.MapGroup("/{id}").Requires(Scopes.Write)
            .Problems(ProblemType.NotFound, ProblemType.IllegalTransition, ProblemType.AlreadyDone, ProblemType.Changed);
        actions.MapPost("/cancel", Cancel).WithName("cancelJob").Audited("job.cancel").ExampleBody(Examples.Reason);
        actions.MapPost("/retry", Retry).WithName("retryJob").Audited("job.retry").Problems(ProblemType.Unprocessable, ProblemType.QuotaExceeded);
        actions.MapPost("/approve", Approve).WithName("approvePlan").Audited("job.approve").Problems(ProblemType.StaleApproval).ExampleBody(Examples.Approve);
        actions.MapPost("/reject", Reject).WithName("rejectPlan").Audited("job.reject").ExampleBody(Examples.Reject);
        actions.MapPost("/feedback", AddFeedback).WithName("addFeedback").Audited("job.feedback").ExampleBody(Examples.Feedback);
        actions.MapPost("/priority", ChangePriority).WithName("changePriority").Audited("job.priority").ExampleBody(Examples.Priority);
        actions.MapPost("/fork", Fork).WithName("forkJob").Audited("job.fork").Problems(ProblemType.Unprocessable, ProblemType.QuotaExceeded).ExampleBody(Examples.Fork);
    }
}
