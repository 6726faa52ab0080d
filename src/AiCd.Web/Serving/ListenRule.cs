using System.Net;
using AiCd.Actors.Journal;
using AiCd.Web.Store;

namespace AiCd.Web.Serving;

/// <summary>A server that anybody can reach needs keys that somebody chose to give out.</summary>
public static class ListenRule
{
    /// <exception cref="StoreUnusableException"><c>no_keys</c>: the server would listen beyond this machine, and there is no key.</exception>
    public static async Task CheckAsync(IEnumerable<string> urls, IWebStore store, CancellationToken cancellationToken)
    {
        if (urls.FirstOrDefault(url => !IsLoopback(url)) is { } open && !await store.HasKeysAsync(cancellationToken))
        {
            throw new StoreUnusableException(
                "no_keys", $"The server would listen at {open}, where others can reach it, and there is no key yet: start it once at http://127.0.0.1 to get one, or make one first");
        }
    }

    private static bool IsLoopback(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var address)
        && (address.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || (IPAddress.TryParse(address.Host.Trim('[', ']'), out var ip) && IPAddress.IsLoopback(ip)));
}
