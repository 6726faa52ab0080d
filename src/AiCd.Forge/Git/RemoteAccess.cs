using System.Text;

namespace AiCd.Forge.Git;

/// <summary>How git reaches a repository on another machine. A class and not a record, so that no text ever shows the token.</summary>
internal sealed class RemoteAccess(Uri repository, string? token, string? caFile)
{
    private const string User = "x-access-token";

    // A transfer that stands still this long, in seconds, is given up.
    private const string Patience = "60";

    public Uri Repository { get; } = repository;

    /// <summary>Settings for one process. The header is bound to the one host that the token is for.</summary>
    public IEnumerable<(string Key, string Value)> Settings()
    {
        yield return ("http.lowSpeedLimit", "1");
        yield return ("http.lowSpeedTime", Patience);
        if (caFile is not null)
        {
            yield return ("http.sslCAInfo", caFile);
        }

        if (token is not null)
        {
            var credentials = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{User}:{token}"));
            yield return ($"http.{Repository.GetLeftPart(UriPartial.Authority)}/.extraHeader", $"Authorization: Basic {credentials}");
        }
    }
}
