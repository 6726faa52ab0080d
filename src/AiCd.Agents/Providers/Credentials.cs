using AiCd.Agents.Configuration;
using AiCd.Agents.Http;
using AiCd.Agents.Models;

namespace AiCd.Agents.Providers;

internal static class Credentials
{
    private const string Hidden = "***";

    /// <summary>A server of one's own may need no key, and a cassette has none; the provider's own server always does.</summary>
    /// <exception cref="ModelException">There is no key.</exception>
    public static void Require(ModelAgentOptions options, ModelHttp http, string section, string variable)
    {
        if (options.ApiKey.Length == 0 && options.BaseUrl.Length == 0 && http.AsksProviders)
        {
            throw new ModelException(ModelFault.Credentials, $"{section}:ApiKey: expected a key, or the variable {variable}, got nothing", billed: false);
        }
    }

    /// <summary>A server that refuses a key may repeat it: what it says ends in histories and logs, where no key may stand.</summary>
    public static ModelException Hide(ModelAgentOptions options, ModelException error) =>
        options.ApiKey is { Length: > 0 } key && error.ToString().Contains(key, StringComparison.Ordinal)
            ? new ModelException(error.Fault, error.Message.Replace(key, Hidden, StringComparison.Ordinal), error.Billed, error.RetryAfter)
            : error;
}
