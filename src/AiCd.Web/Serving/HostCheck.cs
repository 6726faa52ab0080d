using System.Net;
using AiCd.Web.Problems;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;

namespace AiCd.Web.Serving;

/// <summary>
/// Refuses requests for hosts that this server is not: a page of another site whose name was bound to this machine's address would
/// otherwise speak with it as its own. An address as such cannot be bound to anything else.
/// </summary>
internal sealed class HostCheck(RequestDelegate next, WebOptions options, IServer server)
{
    public Task InvokeAsync(HttpContext context)
    {
        var host = context.Request.Host.Host;
        return IsOwn(host)
            ? next(context)
            : throw new ProblemException(ProblemType.WrongHost, null, "Host", "a name in AiCd:Web:AllowedHosts, localhost, or an address");
    }

    private bool IsOwn(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || IPAddress.TryParse(host.Trim('[', ']'), out _)
        || options.AllowedHosts.Contains(host, StringComparer.OrdinalIgnoreCase)
        || (server.Features.Get<IServerAddressesFeature>()?.Addresses.Any(address => IsAt(address, host)) ?? false);

    private static bool IsAt(string address, string host) =>
        Uri.TryCreate(address, UriKind.Absolute, out var url) && url.Host.Equals(host, StringComparison.OrdinalIgnoreCase);
}
