using AiCd.Actors.Hosting.Settings;

namespace AiCd.Forge.GitHub;

/// <summary>
/// How GitHub is reached and what is done there; section <c>AiCd:GitHub</c>. Where a key has no value, the customary variable counts:
/// GITHUB_API_URL, GITHUB_TOKEN, GITHUB_APP_CLIENT_ID, GITHUB_APP_PRIVATE_KEY_PATH, GITHUB_WEBHOOK_SECRET.
/// </summary>
public sealed class GitHubOptions
{
    public const string Section = "AiCd:GitHub";

    /// <summary>The REST API: https://api.github.com by default, https://HOST/api/v3 for GitHub Enterprise Server.</summary>
    public string ApiUrl { get; set; } = "";

    /// <summary>A personal token, for use without an App.</summary>
    [Secret]
    public string Token { get; set; } = "";

    /// <summary>The client id of the GitHub App.</summary>
    public string ClientId { get; set; } = "";

    /// <summary>A file with the App's private key in PEM.</summary>
    public string PrivateKeyPath { get; set; } = "";

    /// <summary>The App's private key itself, in PEM.</summary>
    [Secret]
    public string PrivateKey { get; set; } = "";

    /// <summary>The secret with which GitHub signs its webhooks.</summary>
    [Secret]
    public string WebhookSecret { get; set; } = "";

    /// <summary>Further secrets that webhooks may be signed with, while one is exchanged for another.</summary>
    [Secret]
    public IList<string> WebhookSecrets { get; init; } = [];

    /// <summary>Certificates of the authorities that the server's certificate may come from, in PEM; none means the system's.</summary>
    public string CaFile { get; set; } = "";

    /// <summary>The label by which an issue is handed to AiCd, in capitals or small letters.</summary>
    public string Label { get; set; } = "aicd";

    /// <summary>The agent of jobs that issues make, where the repository asks for none.</summary>
    public string Agent { get; set; } = "mock";

    /// <summary>Whether the plan of such a job waits for a person's approval.</summary>
    public bool RequirePlanApproval { get; set; }

    /// <summary>Pull requests are opened as drafts.</summary>
    public bool Draft { get; set; }

    /// <summary>Labels of pull requests.</summary>
    public IList<string> Labels { get; init; } = [];

    /// <summary>Logins that are asked to review; <c>org/team</c> for a team.</summary>
    public IList<string> Reviewers { get; init; } = [];

    /// <summary>Logins that pull requests are assigned to.</summary>
    public IList<string> Assignees { get; init; } = [];

    /// <summary>
    /// The repositories that jobs may name, as <c>owner/repo</c> or <c>owner/*</c>; none means all that the credentials reach. Those
    /// without a star are the ones that are polled where there is no App to list them.
    /// </summary>
    public IList<string> Repositories { get; init; } = [];

    /// <summary>
    /// Which tenant an installation of the App belongs to, as <c>12345=acme</c>, besides those that tenants were given by their
    /// administrator; where no installation is named at all, every one belongs to <c>default</c>.
    /// </summary>
    public IList<string> Tenants { get; init; } = [];

    /// <summary>How many further jobs may answer what is said of one pull request; 0 for none.</summary>
    public int MaxFollowUps { get; set; } = 3;

    /// <summary>Whether labelled issues, missed deliveries and, without a webhook, comments are looked for on start and every few minutes.</summary>
    public bool Poll { get; set; } = true;

    /// <summary>How often issues, reviews and pull requests are looked at where no webhook tells of them.</summary>
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>Forks a repository into which the token may not push.</summary>
    public bool Fork { get; set; } = true;

    /// <summary>A larger repository is refused.</summary>
    public int MaxRepositoryMegabytes { get; set; } = 4096;

    /// <summary>How long one request may take.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>Between two writes to one installation, over all nodes.</summary>
    public TimeSpan WriteSpacing { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How many things may be made in an hour, over all nodes; 0 for a server without such a limit.</summary>
    public int ContentPerHour { get; set; } = 500;

    internal bool HasApp => ClientId.Length > 0;

    /// <summary>Then comments come in by it; otherwise they are looked for.</summary>
    internal bool HasWebhook => WebhookSecret.Length > 0 || WebhookSecrets.Count > 0;

    internal bool HasCredentials => HasApp || Token.Length > 0;
}
