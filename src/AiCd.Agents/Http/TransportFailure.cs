namespace AiCd.Agents.Http;

/// <summary>What can be told of a request from how its way to a provider failed.</summary>
internal static class TransportFailure
{
    /// <summary>True only where no connection came about: then it is certain that nothing was asked.</summary>
    public static bool NeverAsked(Exception error) => Chain(error).OfType<HttpRequestException>().Any(http => http.HttpRequestError is
        HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError);

    private static IEnumerable<Exception> Chain(Exception error)
    {
        for (var next = error; next is not null; next = next.InnerException)
        {
            yield return next;
        }
    }
}
