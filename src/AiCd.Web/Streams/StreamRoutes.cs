using AiCd.Web.Access;
using AiCd.Web.OpenApi;
using AiCd.Web.Problems;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace AiCd.Web.Streams;

/// <summary>The routes of streams; what answers them is in <see cref="StreamHandlers"/>.</summary>
internal static class StreamRoutes
{
    private const string EventStream = "text/event-stream";

    public static void MapStreams(this RouteGroupBuilder api)
    {
        var streams = api.MapGroup("").WithTags("Streams").Requires(Scopes.Read).Problems(ProblemType.InvalidCursor);
        streams.DisableRequestTimeout();
        streams.MapGet("/jobs/{id}/stream", StreamHandlers.OfJob).WithName("streamJob").Problems(ProblemType.NotFound)
            .Produces<StreamedEvent>(StatusCodes.Status200OK, EventStream).Produces(StatusCodes.Status204NoContent);
        streams.MapGet("/stream", StreamHandlers.OfTenant).WithName("streamJobs").Produces<StreamedEvent>(StatusCodes.Status200OK, EventStream);
    }
}
