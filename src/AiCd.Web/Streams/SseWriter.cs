using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace AiCd.Web.Streams;

/// <summary>Writes server-sent events. A reader that takes nothing in for too long is cut off.</summary>
internal sealed class SseWriter(HttpContext context)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly PipeWriter _body = context.Response.BodyWriter;

    public async Task BeginAsync(CancellationToken cancellationToken)
    {
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-cache, no-store";
        context.Response.Headers["X-Accel-Buffering"] = "no";
        await context.Response.StartAsync(cancellationToken);
    }

    /// <param name="data">One line of JSON.</param>
    public void Event(string name, string? id, ReadOnlySpan<byte> data)
    {
        if (id is not null)
        {
            Text("id: ");
            Text(id);
            Text("\n");
        }

        Text("event: ");
        Text(name);
        Text("\ndata: ");
        _body.Write(data);
        Text("\n\n");
    }

    public void Event(string name, int id, ReadOnlySpan<byte> data) => Event(name, id.ToString(CultureInfo.InvariantCulture), data);

    public void Heartbeat() => Text(": alive\n\n");

    /// <exception cref="OperationCanceledException">The reader is gone, or takes nothing in.</exception>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        var flush = _body.FlushAsync(cancellationToken);
        if (!flush.IsCompletedSuccessfully)
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(Patience);
            await flush.AsTask().WaitAsync(limit.Token);
        }
    }

    private void Text(string text) => Encoding.UTF8.GetBytes(text, _body);
}
