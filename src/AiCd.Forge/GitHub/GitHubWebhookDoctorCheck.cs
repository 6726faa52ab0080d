using AiCd.Actors.Hosting.Doctor;
using AiCd.Forge.GitHub.Api;
using AiCd.Forge.GitHub.Http;

namespace AiCd.Forge.GitHub;

/// <summary>Whether GitHub's deliveries arrive, as GitHub itself saw it: nobody here knows how the server looks from outside.</summary>
internal sealed class GitHubWebhookDoctorCheck(GitHubOptions options, AppApi app, TimeProvider time) : IDoctorCheck
{
    private static readonly TimeSpan Back = TimeSpan.FromDays(3);

    public string Name => "webhook";

    public async Task<DoctorFinding> RunAsync(CancellationToken cancellationToken)
    {
        if (!options.HasApp)
        {
            return DoctorFinding.Ok(options.HasWebhook ? "a secret is set; without an App GitHub does not tell whether deliveries arrive" : "not configured");
        }

        if (!options.HasWebhook)
        {
            return DoctorFinding.Warning("deliveries are refused, because no secret is set", "set AiCd:GitHub:WebhookSecret (or GITHUB_WEBHOOK_SECRET) to the secret of the App's webhook; until then issues are found by polling");
        }

        try
        {
            var last = (await app.ListDeliveriesAsync(time.GetUtcNow() - Back, cancellationToken)).MaxBy(delivery => delivery.DeliveredAt);
            return last switch
            {
                null => DoctorFinding.Warning($"GitHub delivered nothing for {Back.TotalDays:0} days", "see the App's page on GitHub, Advanced, whether its webhook is active and leads to https://HOST/webhooks/github"),
                { StatusCode: >= 200 and < 300 } => DoctorFinding.Ok($"the last delivery arrived at {last.DeliveredAt:u}"),
                _ => DoctorFinding.Failed(
                    $"the last delivery, at {last.DeliveredAt:u}, ended with status {last.StatusCode}",
                    "status 401 means another secret; 0, 502 or 504 that GitHub cannot reach the server: see that https://HOST/webhooks/github leads here from outside"),
            };
        }
        catch (GitHubException error)
        {
            return DoctorFinding.Failed(error.Message, "see what the check `github` says");
        }
    }
}
