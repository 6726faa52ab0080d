using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using AiCd.Actors.Hosting.Doctor;
using AiCd.Web.Notifications;
using Microsoft.Extensions.Options;

namespace AiCd.Host.Doctor;

/// <summary>Whether those who are to be told of jobs can be reached. A connection is made, and nothing is sent.</summary>
internal sealed class HooksCheck(IOptions<NotificationOptions> options) : IDoctorCheck
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public string Name => "hooks";

    public async Task<DoctorFinding> RunAsync(CancellationToken cancellationToken)
    {
        var problems = new List<string>();
        foreach (var hook in options.Value.Hooks)
        {
            if (await FindProblemAsync(new Uri(hook.Url), cancellationToken) is { } problem)
            {
                problems.Add($"{hook.Name}: {problem}");
            }
        }

        return options.Value.Hooks.Count == 0 ? DoctorFinding.Ok("not configured")
            : problems.Count == 0 ? DoctorFinding.Ok($"{string.Join(", ", options.Value.Hooks.Select(hook => hook.Name))} can be reached")
            : DoctorFinding.Failed(string.Join("; ", problems), "see AiCd:Notifications:Hooks:<n>:Url, and that this machine may connect there; what happens meanwhile is kept and sent later");
    }

    /// <summary>Addresses of hooks are secrets: of one only the host is told.</summary>
    private static async Task<string?> FindProblemAsync(Uri url, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        try
        {
            using var connection = new TcpClient();
            await connection.ConnectAsync(url.IdnHost, url.Port, limit.Token);
            if (url.Scheme == Uri.UriSchemeHttps)
            {
                await using var secured = new SslStream(connection.GetStream());
                await secured.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = url.IdnHost }, limit.Token);
            }

            return null;
        }
        catch (Exception error) when (error is SocketException or IOException or AuthenticationException)
        {
            return $"{url.IdnHost}:{url.Port}: {error.Message}";
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return $"{url.IdnHost}:{url.Port}: no connection within {Patience.TotalSeconds:0} s";
        }
    }
}
