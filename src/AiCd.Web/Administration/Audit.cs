using AiCd.Web.Access;
using AiCd.Web.Problems;
using AiCd.Web.Store;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace AiCd.Web.Administration;

/// <summary>Marks a route whose use is written into the audit log.</summary>
internal sealed record AuditedAction(string What);

internal static class AuditExtensions
{
    public static RouteHandlerBuilder Audited(this RouteHandlerBuilder builder, string what) =>
        builder.WithMetadata(new AuditedAction(what)).AddEndpointFilter(Audit.RecordAsync);
}

/// <summary>Writes who did what, when, to what and from where, and whether it was refused.</summary>
internal static class Audit
{
    private const int MaxOutcome = 200;

    public static async ValueTask<object?> RecordAsync(EndpointFilterInvocationContext invocation, EndpointFilterDelegate next)
    {
        try
        {
            var result = await next(invocation);
            await WriteAsync(invocation.HttpContext, "done");
            return result;
        }
        catch (ProblemException refused)
        {
            await WriteAsync(invocation.HttpContext, $"refused: {refused.Problem.Type}");
            throw;
        }
    }

    /// <summary>What was done is done, so it is written down even when the caller has left.</summary>
    private static Task WriteAsync(HttpContext context, string outcome)
    {
        var caller = context.Features.Get<Caller>();
        var services = context.RequestServices;
        var target = string.Join('/', context.Request.RouteValues.Where(value => value.Value is string).Select(value => value.Value));
        return services.GetRequiredService<IWebStore>().AuditAsync(
            new AuditEntry(
                0,
                services.GetRequiredService<TimeProvider>().GetUtcNow(),
                caller?.Tenant ?? "",
                caller?.Who ?? "nobody",
                context.GetEndpoint()!.Metadata.GetRequiredMetadata<AuditedAction>().What,
                Cut(target),
                context.Connection.RemoteIpAddress?.ToString() ?? "local",
                Cut(outcome)),
            CancellationToken.None);
    }

    public static string Cut(string text) => new([.. text.Where(c => !char.IsControl(c) && !char.IsSurrogate(c)).Take(MaxOutcome)]);
}
