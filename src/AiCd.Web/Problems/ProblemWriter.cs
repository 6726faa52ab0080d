using System.Globalization;
using AiCd.Actors.Journal;
using AiCd.Actors.Ports;
using AiCd.Actors.Runtime;
using AiCd.Web.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Net.Http.Headers;

namespace AiCd.Web.Problems;

/// <summary>Turns every way in which a request can go wrong into a problem document.</summary>
internal sealed class ProblemWriter(RequestDelegate next, ILogger<ProblemWriter> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        catch (Exception) when (context.Response.HasStarted)
        {
            // Nothing can be said any more: the client sees that the answer breaks off.
            context.Abort();
            return;
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            return;
        }
        catch (Exception error)
        {
            await WriteAsync(context, Of(error, context));
            return;
        }

        if (context.Response is { HasStarted: false, StatusCode: >= 400, ContentLength: null, ContentType: null } response)
        {
            await WriteAsync(context, RequestProblems.OfStatus(response.StatusCode));
        }
    }

    public static async Task WriteAsync(HttpContext context, Problem problem)
    {
        context.Response.StatusCode = problem.Status;
        context.Response.Headers.CacheControl = "no-store";
        if (problem.RetryAfter is { } seconds)
        {
            context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        }

        if (problem.Status == StatusCodes.Status401Unauthorized)
        {
            context.Response.Headers[HeaderNames.WWWAuthenticate] = "Bearer realm=\"aicd\"";
        }

        await context.Response.WriteAsJsonAsync(problem, WebJson.Options, Problem.ContentType, CancellationToken.None);
    }

    private Problem Of(Exception error, HttpContext context)
    {
        switch (error)
        {
            case ProblemException known:
                return known.Problem;
            case BadHttpRequestException bad:
                return RequestProblems.Of(bad);
            case JobQuarantinedException quarantined:
                return Problem.Of(ProblemType.Quarantined, quarantined.Message);
            case JournalException { IsTransient: true } store:
                WebLog.Unavailable(logger, store, context.Request.Method, Shown(context));
                return Problem.Of(ProblemType.Unavailable, "The store or the node cannot be reached at the moment") with { RetryAfter = 1 };
            case StageException refused:
                return Problem.Of(ProblemType.Unprocessable, refused.Message);
            default:
                WebLog.Unexpected(logger, error, context.Request.Method, Shown(context));
                return Problem.Of(ProblemType.Internal, $"The log has it under {context.TraceIdentifier}");
        }
    }

    /// <summary>The route, not the path: what clients send never reaches logs unescaped.</summary>
    private static string Shown(HttpContext context) => context.GetEndpoint()?.DisplayName ?? "(no route)";
}
