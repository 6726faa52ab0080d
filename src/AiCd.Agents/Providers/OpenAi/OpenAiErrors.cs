using System.ClientModel;
using System.Text.Json;
using AiCd.Agents.Http;
using AiCd.Agents.Models;

namespace AiCd.Agents.Providers.OpenAi;

/// <summary>The errors of the provider, and of servers that speak its protocol, in the words that all providers share.</summary>
internal static class OpenAiErrors
{
    private static readonly string[] ContextWords = ["context length", "context window", "context size", "maximum context", "too many tokens"];

    /// <summary>An answer with an error status: nothing was done, so nothing was billed.</summary>
    public static ModelException Translate(ClientResultException error, CallFacts facts)
    {
        var (code, said) = Read(error);
        var message = $"{OpenAiModelClient.Name} answered {error.Status}: {said}";
        return new ModelException(Fault(error.Status, code, said), message, billed: false, facts.RetryAfter, error);
    }

    private static ModelFault Fault(int status, string code, string message) => (status, code) switch
    {
        (_, "context_length_exceeded") or (413, _) => ModelFault.ContextOverflow,
        (400, _) when ContextWords.Any(word => message.Contains(word, StringComparison.OrdinalIgnoreCase)) => ModelFault.ContextOverflow,
        (_, "insufficient_quota" or "billing_hard_limit_reached") or (402, _) => ModelFault.Quota,
        (_, "content_filter" or "content_policy_violation") => ModelFault.Refused,
        (_, "model_not_found") or (404, _) => ModelFault.UnknownModel,
        (401 or 403, _) => ModelFault.Credentials,
        (408 or 504, _) => ModelFault.TimedOut,
        (429, _) => ModelFault.RateLimited,
        ( >= 500, _) => ModelFault.Overloaded,
        _ => ModelFault.BadRequest,
    };

    private static (string Code, string Message) Read(ClientResultException error)
    {
        try
        {
            if (error.GetRawResponse()?.Content is { } content
                && JsonElement.Parse(content.ToString()) is { ValueKind: JsonValueKind.Object } body
                && body.TryGetProperty("error", out var said))
            {
                return said.ValueKind == JsonValueKind.Object
                    ? (Text(said, "code") ?? Text(said, "type") ?? "", Text(said, "message") ?? error.Message)
                    : ("", said.ToString());
            }
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidOperationException)
        {
            // Something in between answered: what the library made of it has to do.
        }

        return ("", error.Message);
    }

    private static string? Text(JsonElement element, string member) =>
        element.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
