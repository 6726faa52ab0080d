using AiCd.Agents.Http;
using AiCd.Agents.Models;
using Anthropic.Exceptions;

namespace AiCd.Agents.Providers.Anthropic;

/// <summary>The provider's errors in the words that all providers share.</summary>
internal static class AnthropicErrors
{
    private static readonly string[] ContextWords = ["prompt is too long", "context window", "context limit", "input is too long", "exceed context"];

    /// <summary>An answer with an error status: nothing was done, so nothing was billed.</summary>
    public static ModelException Translate(AnthropicApiException error, CallFacts facts)
    {
        var message = $"{AnthropicModelClient.Name} answered {(int)error.StatusCode}: {error.ApiMessage ?? error.StatusCode.ToString()}";
        return new ModelException(Fault((int)error.StatusCode, error.ApiMessage ?? ""), message, billed: false, facts.RetryAfter, error);
    }

    /// <summary>An error in the middle of an answer that had begun well.</summary>
    public static ModelException Translate(AnthropicSseException error, CallFacts facts)
    {
        var type = error.Type?.Raw();
        var fault = type switch
        {
            "overloaded_error" => ModelFault.Overloaded,
            "rate_limit_error" => ModelFault.RateLimited,
            "timeout_error" => ModelFault.TimedOut,
            "authentication_error" or "permission_error" => ModelFault.Credentials,
            "billing_error" => ModelFault.Quota,
            _ => ModelFault.BrokenAnswer,
        };
        return new ModelException(fault, $"{AnthropicModelClient.Name}'s answer broke off: {error.ApiMessage ?? type ?? error.Message}", billed: true, facts.RetryAfter, error);
    }

    private static ModelFault Fault(int status, string message) => status switch
    {
        413 => ModelFault.ContextOverflow,
        400 when ContextWords.Any(word => message.Contains(word, StringComparison.OrdinalIgnoreCase)) => ModelFault.ContextOverflow,
        400 when message.Contains("credit balance", StringComparison.OrdinalIgnoreCase) => ModelFault.Quota,
        401 or 403 => ModelFault.Credentials,
        402 => ModelFault.Quota,
        404 => ModelFault.UnknownModel,
        408 or 504 => ModelFault.TimedOut,
        429 => ModelFault.RateLimited,
        >= 500 => ModelFault.Overloaded,
        _ => ModelFault.BadRequest,
    };
}
