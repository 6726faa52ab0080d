using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace AiCd.Testing.GitHub;

/// <summary>An answer of the API.</summary>
internal sealed record ApiAnswer(int Status, JsonNode? Body)
{
    public Dictionary<string, string> Headers { get; init; } = [];

    private byte[] Bytes => Body is null ? [] : Encoding.UTF8.GetBytes(Body.ToJsonString());

    /// <summary>The ETag that this answer has.</summary>
    public string ETag => $"W/\"{Convert.ToHexStringLower(SHA256.HashData([.. Bytes, .. Encoding.UTF8.GetBytes(Headers.GetValueOrDefault("Link", ""))]))}\"";

    public async Task WriteAsync(HttpContext context)
    {
        WriteHead(context);
        if (Status is not 204 and not 304)
        {
            await context.Response.Body.WriteAsync(Bytes, context.RequestAborted);
        }
    }

    public async Task WriteHalfAsync(HttpContext context)
    {
        WriteHead(context);
        context.Response.ContentLength = Bytes.Length;
        await context.Response.Body.WriteAsync(Bytes.AsMemory(0, Bytes.Length / 2), context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
        context.Abort();
    }

    private void WriteHead(HttpContext context)
    {
        context.Response.StatusCode = Status;
        context.Response.ContentType = "application/json; charset=utf-8";
        foreach (var (name, value) in Headers)
        {
            context.Response.Headers[name] = value;
        }
    }
}
