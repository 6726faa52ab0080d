using AiCd.Agents.Cassettes;
using Microsoft.Extensions.Options;

namespace AiCd.Agents.Http;

/// <summary>The one HTTP client of all providers: pooled connections, no timeout of its own, nothing tried twice.</summary>
internal sealed class ModelHttp : IDisposable
{
    public ModelHttp(IOptions<CassetteOptions> cassettes, TimeProvider time)
    {
        AsksProviders = cassettes.Value.Mode != CassetteMode.Replay;
        HttpMessageHandler transport = new SocketsHttpHandler
        {
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            ConnectTimeout = TimeSpan.FromSeconds(20),
            AllowAutoRedirect = false,
            UseCookies = false,
        };
        Client = new HttpClient(new CallFacts.Handler(time) { InnerHandler = CassetteHandler.Around(transport, cassettes.Value) })
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    public HttpClient Client { get; }

    /// <summary>False where answers come from a cassette: then no key is needed.</summary>
    public bool AsksProviders { get; }

    public void Dispose() => Client.Dispose();
}
