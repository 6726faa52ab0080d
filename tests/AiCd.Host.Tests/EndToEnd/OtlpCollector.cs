using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace AiCd.Host.Tests.EndToEnd;

/// <summary>Takes what OTLP over HTTP brings. Names, texts and ids stand in its messages as they are, so they can be looked for without a schema.</summary>
internal sealed class OtlpCollector : IAsyncDisposable
{
    private readonly ConcurrentQueue<(string Path, byte[] Body)> _received = new();
    private readonly ConcurrentQueue<string> _authorizations = new();
    private readonly WebApplication _app;

    private OtlpCollector(WebApplication app) => _app = app;

    public string Endpoint => _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();

    public IReadOnlyCollection<string> Authorizations => [.. _authorizations.Distinct()];

    public static async Task<OtlpCollector> StartAsync(CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        var collector = new OtlpCollector(app);
        app.Run(collector.TakeAsync);
        await app.StartAsync(cancellationToken);
        return collector;
    }

    public bool Has(string signal, string text) => Has(signal, Encoding.UTF8.GetBytes(text));

    public bool Has(string signal, byte[] bytes) => CountOf(signal, bytes) > 0;

    /// <summary>How often the bytes came, over all messages of the signal.</summary>
    public int CountOf(string signal, byte[] bytes) => _received.Where(message => message.Path == $"/v1/{signal}").Sum(message => Occurrences(message.Body, bytes));

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task TakeAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        _received.Enqueue((context.Request.Path.Value!, body.ToArray()));
        _authorizations.Enqueue(context.Request.Headers.Authorization.ToString());
        context.Response.ContentType = context.Request.ContentType;
    }

    private static int Occurrences(ReadOnlySpan<byte> body, ReadOnlySpan<byte> bytes)
    {
        var count = 0;
        for (var at = body.IndexOf(bytes); at >= 0; at = body.IndexOf(bytes))
        {
            count++;
            body = body[(at + bytes.Length)..];
        }

        return count;
    }
}
