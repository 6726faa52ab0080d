using AiCd.Actors.Hosting.Doctor;
using AiCd.Forge.GitHub.Api;
using AiCd.Forge.GitHub.Auth;
using AiCd.Forge.GitHub.Http;

namespace AiCd.Forge.GitHub;

/// <summary>Asks GitHub who the App, or the holder of the token, is.</summary>
internal sealed class GitHubDoctorCheck(GitHubOptions options, AppApi app, RepositoryApi api, TokenAccess token) : IDoctorCheck
{
    public string Name => "github";

    public async Task<DoctorFinding> RunAsync(CancellationToken cancellationToken)
    {
        if (!options.HasCredentials)
        {
            return DoctorFinding.Ok("not configured: neither an App nor a token");
        }

        try
        {
            return options.HasApp ? await OfAppAsync(cancellationToken) : DoctorFinding.Ok($"the token is that of {(await api.GetUserAsync(token, cancellationToken)).Login}");
        }
        catch (GitHubRefusedException refused)
        {
            return DoctorFinding.Failed(refused.Message, options.HasApp
                ? "see that AiCd:GitHub:ClientId is the App's client id, that its private key is one of the App's, and that this machine's clock is right"
                : "make a new token on GitHub and set AiCd:GitHub:Token (or GITHUB_TOKEN) to it");
        }
        catch (GitHubException error)
        {
            return DoctorFinding.Failed(error.Message, "see that AiCd:GitHub:ApiUrl can be reached from here (proxies, firewalls, AiCd:GitHub:CaFile), or wait until GitHub's limit is over");
        }
    }

    private async Task<DoctorFinding> OfAppAsync(CancellationToken cancellationToken)
    {
        var slug = (await app.GetAsync(cancellationToken)).Slug;
        var installations = await app.ListInstallationsAsync(cancellationToken);
        return installations.Count > 0
            ? DoctorFinding.Ok($"the App {slug}, installed {installations.Count} times")
            : DoctorFinding.Warning($"the App {slug}, installed nowhere", "install the App on the repositories that jobs are to work on: its page on GitHub, Install App");
    }
}
