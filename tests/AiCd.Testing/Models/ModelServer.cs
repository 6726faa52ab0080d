using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace AiCd.Testing.Models;

/// <summary>
/// A server that speaks the wire protocols of both providers, streams and errors included, and holds requests against their rules. What it
/// answers is up to a script.
/// </summary>
public sealed class ModelServer : IAsyncDisposable
{
    public const string Key = "sk-test-4f1c0b7e";

    private readonly WebApplication _app;
    private readonly Func<ModelCall, ModelReply> _script;
    private readonly ConcurrentQueue<ModelCall> _calls = new();
    private readonly ConcurrentQueue<ReplyUsage> _billed = new();
    private int _number;

    private ModelServer(WebApplication app, Func<ModelCall, ModelReply> script)
    {
        _app = app;
        _script = script;
    }

    /// <summary>The requests that came so far, in their order.</summary>
    public IReadOnlyList<ModelCall> Calls => [.. _calls];

    /// <summary>What was reported to callers as used, call by call.</summary>
    public IReadOnlyList<ReplyUsage> Billed => [.. _billed];

    public string Url => _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();

    public string OpenAiUrl => Url + "/v1";

    /// <param name="script">Called for every request that keeps the protocol's rules, also by several at once.</param>
    public static async Task<ModelServer> StartAsync(Func<ModelCall, ModelReply> script, CancellationToken cancellationToken = default)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = null).UseUrls("http://127.0.0.1:0");
        builder.Services.AddRoutingCore();
        var app = builder.Build();
        var server = new ModelServer(app, script);
        app.UseRouting();
        app.MapPost("/v1/messages", (HttpContext context) => server.HandleAsync(context, new AnthropicWire()));
        app.MapPost("/v1/chat/completions", (HttpContext context) => server.HandleAsync(context, new OpenAiWire()));
        await app.StartAsync(cancellationToken);
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource(TimeSpan.Zero);
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }

    private async Task HandleAsync(HttpContext context, IModelWire wire)
    {
        using var body = await JsonDocument.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted);
        var call = wire.Read(body.RootElement.Clone(), Interlocked.Increment(ref _number));
        _calls.Enqueue(call);
        var reply = wire.Refuse(context.Request, call.Body) ?? _script(call);
        if (reply is ModelReply.Answer answer)
        {
            reply = answer with { Usage = answer.Usage ?? new ReplyUsage(call.Body.GetRawText().Length / 4, 0, 0, 100, 0) };
        }

        try
        {
            if (await wire.WriteAsync(context, reply) && reply is ModelReply.Answer { Usage: { } usage })
            {
                _billed.Enqueue(usage);
            }
        }
        catch (Exception gone) when (gone is OperationCanceledException or IOException)
        {
            // Whoever asked did not wait for the end.
        }
    }
}
