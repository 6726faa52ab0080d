using AiCd.Actors.Hosting.Settings;

namespace AiCd.Web.GitHub;

/// <summary>What the inbox reads of the section <c>AiCd:GitHub</c>, whose keys the forge makes known.</summary>
internal sealed class WebhookOptions
{
    public const string Section = "AiCd:GitHub";
    public const string Variable = "GITHUB_WEBHOOK_SECRET";

    [Secret]
    public string WebhookSecret { get; set; } = "";

    [Secret]
    public IList<string> WebhookSecrets { get; init; } = [];
}
