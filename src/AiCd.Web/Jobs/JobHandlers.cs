using System.ComponentModel;
using AiCd.Actors.Jobs;
using AiCd.Actors.Runtime;
using AiCd.Web.Access;
using AiCd.Web.Problems;
using AiCd.Web.Tenants;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Net.Http.Headers;

namespace AiCd.Web.Jobs;

/// <summary>What answers the routes of jobs. None of them knows a way to jobs but the tenant's scope.</summary>
internal static class JobHandlers
{
    private const int MaxPage = 200;

    /// <summary>Makes a job of an issue.</summary>
    /// <remarks>
    /// With an `Idempotency-Key`, the same request made again gives the same job (200), for as long as there is a store. 202 says that the
    /// submission is durable and on its way to the node that owns the job.
    /// </remarks>
    internal static async Task<Results<Created<SubmittedJob>, Ok<SubmittedJob>, Accepted<SubmittedJob>>> Submit(
        SubmitJobRequest request,
        [FromHeader(Name = "Idempotency-Key"), Description("Makes the request safe to repeat: 1 to 200 visible ASCII characters.")] string? idempotencyKey,
        JobSubmission submission,
        CancellationToken cancellationToken) =>
        Outcome(await submission.SubmitAsync(request, idempotencyKey, cancellationToken));

    /// <summary>Lists jobs.</summary>
    /// <remarks>Pages stay as they are while jobs arrive: none is seen twice, none is left out.</remarks>
    internal static async Task<Ok<JobPage>> List(
        JobList list,
        [Description("States, as alternatives; repeated or separated by commas.")] string[]? state,
        [Description("The repository, as jobs show it.")] string? repository,
        [Description("A label that the job bears.")] string? label,
        [Description("Beginnings of words of the title, repository, branch or id; all must be there.")] string? text,
        [Description("`approval` or `budget`: jobs that wait for a person.")] string? waiting,
        [Description("Submitted then or later.")] DateTimeOffset? from,
        [Description("Submitted before then.")] DateTimeOffset? to,
        [Description("`-submittedAt` (default), `submittedAt`, `-endedAt`, `-priority`, `priority`, `-updatedAt` or `updatedAt`.")] string? sort,
        [Description("`next` of the page before.")] string? cursor,
        [Description("From 1 to 200; 50 by default.")] int? limit,
        CancellationToken cancellationToken) =>
        TypedResults.Ok(await list.PageAsync(
            JobFilters.Of(state, repository, label, text, waiting, from, to),
            JobFilters.SortOf(sort),
            cursor,
            FieldRules.Number("limit", limit ?? 50, 1, MaxPage),
            cancellationToken));

    /// <summary>Shows a job.</summary>
    internal static async Task<Ok<JobDetails>> Get(string id, TenantScope scope, JobReader reader, HttpContext context, CancellationToken cancellationToken) =>
        await ShownAsync(await scope.GetAsync(id, cancellationToken), reader, context, cancellationToken);

    /// <summary>Tells a job's history.</summary>
    internal static async Task<Ok<EventPage>> Events(
        string id,
        TenantScope scope,
        JobHistory history,
        [Description("Only events after this number.")] int? after,
        [Description("From 1 to 1000; 1000 by default.")] int? limit,
        CancellationToken cancellationToken)
    {
        var job = await scope.GetAsync(id, cancellationToken);
        return TypedResults.Ok(await history.EventsAsync(
            job, FieldRules.Number("after", after ?? 0, 0, int.MaxValue), FieldRules.Number("limit", limit ?? 1_000, 1, 1_000), cancellationToken));
    }

    /// <summary>Gives a job's history exactly as it is stored, for exports and replays.</summary>
    /// <remarks>Positions in the shard, which count the events of others too, are for keys that may operate.</remarks>
    internal static async Task<Ok<RowPage>> Journal(
        string id,
        TenantScope scope,
        [Description("Only events after this number.")] int? after,
        [Description("From 1 to 1000; 1000 by default.")] int? limit,
        CancellationToken cancellationToken)
    {
        var most = FieldRules.Number("limit", limit ?? 1_000, 1, 1_000);
        var first = FieldRules.Number("after", after ?? 0, 0, int.MaxValue);
        var job = JobId.TryParse(id, out var parsed) ? parsed : throw ProblemException.NotFound("job");
        var rows = await scope.EventsAsync(job, first, most, cancellationToken);
        if (rows.Count == 0)
        {
            await scope.GetAsync(id, cancellationToken);
        }

        var positions = scope.Caller.May(Scopes.Operate);
        return TypedResults.Ok(new RowPage(
            scope.Tenant,
            [.. rows.Select(row => new RowDetails(row.Seq, positions ? row.ShardSeq : null, row.Event, row.RecordedAt, row.Payload.ToArray()))],
            rows.Count == most ? rows[^1].Seq : null));
    }

    /// <summary>Shows a job as it was after one of its events.</summary>
    internal static async Task<Ok<JobDetails>> StateAt(
        string id,
        [Description("The number of the event.")] int at,
        TenantScope scope,
        JobHistory history,
        JobReader reader,
        CancellationToken cancellationToken)
    {
        var then = await history.AtAsync(await scope.GetAsync(id, cancellationToken), at, cancellationToken);
        return TypedResults.Ok((await reader.DetailsAsync(then, cancellationToken)) with { Waiting = null });
    }

    /// <summary>Lists what a job left: issue, plan, diff, review, checks, transcript, logs.</summary>
    internal static async Task<Ok<ArtifactList>> Artifacts(string id, TenantScope scope, JobHistory history, CancellationToken cancellationToken) =>
        TypedResults.Ok(new ArtifactList(await history.ArtifactsAsync(await scope.GetAsync(id, cancellationToken), cancellationToken)));

    /// <summary>Gives the content of something that a job left.</summary>
    /// <remarks>Understands `Range`, `If-None-Match` and `If-Range`; the hash is the ETag, and the content never changes.</remarks>
    internal static async Task<FileContentHttpResult> Artifact(
        string id, string sha256, TenantScope scope, JobHistory history, HttpContext context, CancellationToken cancellationToken)
    {
        var job = await scope.GetAsync(id, cancellationToken);
        if (await history.ArtifactAsync(job, sha256, cancellationToken) is not var (artifact, content))
        {
            throw ProblemException.NotFound("artifact");
        }

        context.Response.Headers.CacheControl = "private, max-age=31536000, immutable";
        context.Response.Headers.ContentDisposition = $"inline; filename=\"{artifact.Kind}-{sha256[..8]}{ArtifactMedia.ExtensionOf(artifact.MediaType)}\"";
        return TypedResults.Bytes(content, ArtifactMedia.ServedAs(artifact.MediaType), enableRangeProcessing: true, entityTag: new EntityTagHeaderValue($"\"{sha256}\""));
    }

    /// <summary>Cancels a job. It closes the pull request that it opened.</summary>
    internal static Task<Results<Ok<JobDetails>, Accepted<AcceptedAction>>> Cancel(
        string id, ReasonRequest? request, [FromHeader(Name = "If-Match")] string? ifMatch, TenantScope scope, JobActions actions, JobReader reader, HttpContext context, CancellationToken cancellationToken) =>
        ActAsync(id, ifMatch, scope, reader, context, (job, seq) => actions.CancelAsync(job, request?.Reason, seq, cancellationToken), cancellationToken);

    /// <summary>Makes a job that goes on from the stage in which this one failed or was cancelled.</summary>
    /// <remarks>It is linked to this one, inherits its branch and reuses its recorded results. While it is at work, asking again gives it (200).</remarks>
    internal static async Task<Results<Created<SubmittedJob>, Ok<SubmittedJob>, Accepted<SubmittedJob>>> Retry(
        string id, [FromHeader(Name = "If-Match")] string? ifMatch, TenantScope scope, JobActions actions, CancellationToken cancellationToken)
    {
        var job = await scope.GetAsync(id, cancellationToken);
        return Outcome(await actions.RetryAsync(job, ETags.SeqOf(ifMatch), cancellationToken));
    }

    /// <summary>Approves the plan that waits.</summary>
    /// <remarks>The approval is bound to the plan, the base commit and the text of the issue, and void when one of them changes.</remarks>
    internal static Task<Results<Ok<JobDetails>, Accepted<AcceptedAction>>> Approve(
        string id, ApproveRequest request, [FromHeader(Name = "If-Match")] string? ifMatch, TenantScope scope, JobActions actions, JobReader reader, HttpContext context, CancellationToken cancellationToken) =>
        ActAsync(id, ifMatch, scope, reader, context, (job, seq) => actions.ApproveAsync(job, request.Approval, seq, cancellationToken), cancellationToken);

    /// <summary>Rejects the plan that waits; planning starts anew with the reason.</summary>
    internal static Task<Results<Ok<JobDetails>, Accepted<AcceptedAction>>> Reject(
        string id, RejectRequest request, [FromHeader(Name = "If-Match")] string? ifMatch, TenantScope scope, JobActions actions, JobReader reader, HttpContext context, CancellationToken cancellationToken) =>
        ActAsync(id, ifMatch, scope, reader, context, (job, seq) => actions.RejectAsync(job, request.Reason, seq, cancellationToken), cancellationToken);

    /// <summary>Tells the agent something. It reaches the attempt that comes next.</summary>
    internal static Task<Results<Ok<JobDetails>, Accepted<AcceptedAction>>> AddFeedback(
        string id, FeedbackRequest request, [FromHeader(Name = "If-Match")] string? ifMatch, TenantScope scope, JobActions actions, JobReader reader, HttpContext context, CancellationToken cancellationToken) =>
        ActAsync(id, ifMatch, scope, reader, context, (job, seq) => actions.AddFeedbackAsync(job, request.Text, seq, cancellationToken), cancellationToken);

    /// <summary>Changes the job's place among the tenant's waiting jobs.</summary>
    internal static Task<Results<Ok<JobDetails>, Accepted<AcceptedAction>>> ChangePriority(
        string id, PriorityRequest request, [FromHeader(Name = "If-Match")] string? ifMatch, TenantScope scope, JobActions actions, JobReader reader, HttpContext context, CancellationToken cancellationToken) =>
        ActAsync(id, ifMatch, scope, reader, context, (job, seq) => actions.ChangePriorityAsync(job, request.Priority, seq, cancellationToken), cancellationToken);

    /// <summary>Makes a job that goes on from an event of this one, with another agent if wished.</summary>
    /// <remarks>It is linked to this one and reuses its recorded results up to that event, on a branch of its own.</remarks>
    internal static async Task<Results<Created<SubmittedJob>, Ok<SubmittedJob>, Accepted<SubmittedJob>>> Fork(
        string id, ForkRequest request, [FromHeader(Name = "If-Match")] string? ifMatch, TenantScope scope, JobActions actions, CancellationToken cancellationToken)
    {
        var job = await scope.GetAsync(id, cancellationToken);
        return Outcome(await actions.ForkAsync(job, request.Seq, request.Agent, ETags.SeqOf(ifMatch), cancellationToken));
    }

    /// <summary>Cancels or retries all jobs that match a filter.</summary>
    /// <remarks>Without `confirm` it counts only, and gives the token to confirm with. A call does at most 1000 jobs, and retries no more than the tenant's quotas leave; it says how many remain, and gives the token to go on with.</remarks>
    internal static async Task<Ok<BulkResult>> Bulk(BulkRequest request, BulkActions bulk, CancellationToken cancellationToken) =>
        TypedResults.Ok(await bulk.RunAsync(request, cancellationToken));

    private static async Task<Results<Ok<JobDetails>, Accepted<AcceptedAction>>> ActAsync(
        string id, string? ifMatch, TenantScope scope, JobReader reader, HttpContext context, Func<Job, int?, Task<Job?>> act, CancellationToken cancellationToken)
    {
        var job = await scope.GetAsync(id, cancellationToken);
        return await act(job, ETags.SeqOf(ifMatch)) is { } changed
            ? await ShownAsync(changed, reader, context, cancellationToken)
            : TypedResults.Accepted(JobMapping.Location(job.Id), new AcceptedAction(id, JobMapping.Location(job.Id)));
    }

    private static async Task<Ok<JobDetails>> ShownAsync(Job job, JobReader reader, HttpContext context, CancellationToken cancellationToken)
    {
        context.Response.Headers.ETag = ETags.Of(job);
        return TypedResults.Ok(await reader.DetailsAsync(job, cancellationToken));
    }

    private static Results<Created<SubmittedJob>, Ok<SubmittedJob>, Accepted<SubmittedJob>> Outcome(SubmitResult result)
    {
        var submitted = Submitted(result);
        return result switch
        {
            { Settled: false } => TypedResults.Accepted(submitted.Location, submitted),
            { Created: true } => TypedResults.Created(submitted.Location, submitted),
            _ => TypedResults.Ok(submitted),
        };
    }

    private static SubmittedJob Submitted(SubmitResult result) => new(result.Job.Value, result.Created, result.Settled, JobMapping.Location(result.Job));
}
