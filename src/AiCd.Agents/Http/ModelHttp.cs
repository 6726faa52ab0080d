using AiCd.Agents.Cassettes;

namespace AiCd.Agents.Http;

/// <summary>The one HTTP client of all providers: pooled connections, no timeout of its own, nothing tried twice.</summary>
internal sealed class ModelHttp : IDisposable
{
    public ModelHttp(CassetteOptions cassettes, TimeProvider time)
    {
        HttpMessageHandler transport = new SocketsHttpHandler
        {
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            ConnectTimeout = TimeSpan.FromSeconds(20),
            AllowAutoRedirect = false,
            UseCookies = false,
        };
        Client = new HttpClient(new CallFacts.Handler(time) { InnerHandler = CassetteHandler.Around(transport, cassettes) })
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    public HttpClient Client { get; }

    public void Dispose() => Client.Dispose();
}
