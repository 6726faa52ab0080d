using AiCd.Agents.Http;
using AiCd.Agents.Models;

namespace AiCd.Agents.Providers;

/// <summary>Errors of the way to a provider, not of the provider.</summary>
internal static class TransportErrors
{
    public static ModelException Translate(string provider, Exception error)
    {
        var reason = error.GetBaseException().Message;
        return TransportFailure.NeverAsked(error)
            ? new ModelException(ModelFault.Unreachable, $"{provider} cannot be reached: {reason}", billed: false, inner: error)
            : new ModelException(ModelFault.BrokenAnswer, $"{provider}'s answer broke off: {reason}", billed: true, inner: error);
    }
}
