using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace AiCd.Testing.Models;

/// <summary>Server-sent events, which may break off.</summary>
internal sealed class EventStream(HttpContext context, int? breakAfter)
{
    private int _sent;

    public static async Task<bool> WriteErrorAsync(HttpContext context, int status, JsonObject body, TimeSpan? retryAfter)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        if (retryAfter is { } wait)
        {
            context.Response.Headers.RetryAfter = ((int)wait.TotalSeconds).ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        await context.Response.WriteAsync(body.ToJsonString(), context.RequestAborted);
        return true;
    }

    public void Begin()
    {
        context.Response.ContentType = "text/event-stream; charset=utf-8";
        context.Response.Headers.CacheControl = "no-cache";
    }

    public Task SendAsync(JsonObject data, string? name = null) => SendAsync(data.ToJsonString(), name);

    /// <exception cref="IOException">The stream was told to break here.</exception>
    public async Task SendAsync(string data, string? name = null)
    {
        if (_sent++ >= breakAfter)
        {
            context.Abort();
            throw new IOException("The stream was told to break");
        }

        var text = name is null ? $"data: {data}\n\n" : $"event: {name}\ndata: {data}\n\n";
        await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(text), context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
    }
}
