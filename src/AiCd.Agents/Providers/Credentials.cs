using AiCd.Agents.Configuration;
using AiCd.Agents.Models;

namespace AiCd.Agents.Providers;

internal static class Credentials
{
    /// <summary>A server of one's own may need no key; the provider's own always does.</summary>
    /// <exception cref="ModelException">There is no key.</exception>
    public static void Require(ModelAgentOptions options, string section, string variable)
    {
        if (options.ApiKey.Length == 0 && options.BaseUrl.Length == 0)
        {
            throw new ModelException(ModelFault.Credentials, $"{section}:ApiKey: expected a key, or the variable {variable}, got nothing", billed: false);
        }
    }
}
