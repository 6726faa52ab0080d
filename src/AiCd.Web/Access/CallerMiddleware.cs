using Microsoft.AspNetCore.Http;

namespace AiCd.Web.Access;

/// <summary>Finds out who calls, by key or by session.</summary>
internal sealed class CallerMiddleware(RequestDelegate next, KeyRing keys, Sessions sessions)
{
    private const string Bearer = "Bearer ";

    public async Task InvokeAsync(HttpContext context)
    {
        if (await FindAsync(context) is { } caller)
        {
            context.Features.Set(caller);
            context.User = caller.ToPrincipal();
        }

        await next(context);
    }

    private async Task<Caller?> FindAsync(HttpContext context)
    {
        var header = context.Request.Headers.Authorization.ToString();
        if (header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
        {
            return await keys.FindAsync(header[Bearer.Length..].Trim(), context.RequestAborted);
        }

        return header.Length == 0 ? await sessions.FindAsync(context) : null;
    }
}
