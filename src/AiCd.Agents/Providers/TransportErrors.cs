using AiCd.Agents.Models;

namespace AiCd.Agents.Providers;

/// <summary>Errors of the way to a provider, not of the provider.</summary>
internal static class TransportErrors
{
    /// <summary>Only where no connection came about is it certain that nothing was asked.</summary>
    public static ModelException Translate(string provider, Exception error)
    {
        var neverAsked = Chain(error).OfType<HttpRequestException>().Any(http => http.HttpRequestError is
            HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError);
        var reason = error.GetBaseException().Message;
        return neverAsked
            ? new ModelException(ModelFault.Unreachable, $"{provider} cannot be reached: {reason}", billed: false, inner: error)
            : new ModelException(ModelFault.BrokenAnswer, $"{provider}'s answer broke off: {reason}", billed: true, inner: error);
    }

    private static IEnumerable<Exception> Chain(Exception error)
    {
        for (var next = error; next is not null; next = next.InnerException)
        {
            yield return next;
        }
    }
}
