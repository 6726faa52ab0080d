using System.ComponentModel.DataAnnotations;
using System.Globalization;
using AiCd.Actors.Hosting.Settings;
using AiCd.Actors.Jobs.Stored;

namespace AiCd.Web.Notifications;

/// <summary>Whom AiCd tells what happens to jobs (section <c>AiCd:Notifications</c>).</summary>
public sealed class NotificationOptions : IValidatableObject
{
    public const string Section = "AiCd:Notifications";

    /// <summary>Those who are told, each by a request to an address of theirs.</summary>
    public IList<HookOptions> Hooks { get; init; } = [];

    /// <summary>How often one notification is tried before it is given up, from 1 to 100.</summary>
    [Range(1, 100)]
    public int Attempts { get; set; } = 15;

    /// <summary>The pause after the first failure; it doubles with every further one.</summary>
    [Range(typeof(TimeSpan), "00:00:00.01", "01:00:00")]
    public TimeSpan Backoff { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The longest pause between two tries.</summary>
    [Range(typeof(TimeSpan), "00:00:00.01", "1.00:00:00")]
    public TimeSpan LongestBackoff { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How long an answer may take.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:02:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long is remembered what was delivered or given up.</summary>
    [Range(typeof(TimeSpan), "01:00:00", "365.00:00:00")]
    public TimeSpan Keep { get; set; } = TimeSpan.FromDays(7);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var (i, hook) in Hooks.Index())
        {
            foreach (var (name, problem) in hook.Problems())
            {
                yield return new ValidationResult(problem, [string.Create(CultureInfo.InvariantCulture, $"{nameof(Hooks)}:{i}:{name}")]);
            }

            if (Hooks.Take(i).Any(other => other.Name == hook.Name))
            {
                yield return new ValidationResult($"expected a name that no other hook bears, got '{hook.Name}'", [string.Create(CultureInfo.InvariantCulture, $"{nameof(Hooks)}:{i}:{nameof(HookOptions.Name)}")]);
            }
        }
    }
}

/// <summary>Somebody who is told.</summary>
public sealed class HookOptions
{
    public const string Json = "json";
    public const string Slack = "slack";

    private const int LeastSecret = 16;

    /// <summary>What people wait for, or have to do something about.</summary>
    private static readonly string[] Usual =
        ["PLAN_PROPOSED", "BUDGET_EXHAUSTED", "PR_OPENED", "MARK_COMPLETED", "MARK_CANCELLED", "PLAN_FAILED", "CODE_FAILED", "REVIEW_FAILED", "PR_FAILED"];

    /// <summary>Under which its notifications are kept: 1 to 40 lower-case letters, digits and hyphens. One of another name begins anew.</summary>
    [Required]
    [Expectation("1 to 40 lower-case letters, digits and hyphens")]
    public string Name { get; set; } = "";

    /// <summary>Where requests go. Whoever knows the address of a chat's hook may write there, so no message repeats it.</summary>
    [Secret]
    [Required]
    [Expectation("an address that begins with http:// or https://")]
    public string Url { get; set; } = "";

    /// <summary>What requests are signed with; needed for the format <c>json</c>.</summary>
    [Secret]
    [Expectation("a secret of 16 characters or more")]
    public string Secret { get; set; } = "";

    /// <summary>What is sent: <c>json</c> for programs, <c>slack</c> for Slack and whatever takes its incoming webhooks.</summary>
    [AllowedValues(Json, Slack)]
    public string Format { get; set; } = Json;

    /// <summary>Names of the events that are told; without any: those that people wait for or have to do something about.</summary>
    public IList<string> Events { get; init; } = [];

    /// <summary>The tenants whose jobs are told of; without any: all.</summary>
    public IList<string> Tenants { get; init; } = [];

    internal bool Wants(string tenant, string e) => (Tenants.Count == 0 || Tenants.Contains(tenant)) && (Events.Count == 0 ? Usual.Contains(e) : Events.Contains(e));

    internal IEnumerable<(string Key, string Problem)> Problems()
    {
        if (Name is not { Length: >= 1 and <= 40 } || !Name.All(c => c is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '-'))
        {
            yield return (nameof(Name), $"expected 1 to 40 lower-case letters, digits and hyphens, got '{Name}'");
        }

        if (!Uri.TryCreate(Url, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https") || url is not { UserInfo: "", Fragment: "" })
        {
            yield return (nameof(Url), $"expected an address that begins with http:// or https://, without user and fragment, got {(Url.Length == 0 ? "none" : "another")}");
        }

        if (Secret.Length < LeastSecret && (Secret.Length > 0 || Format == Json))
        {
            yield return (nameof(Secret), $"expected a secret of {LeastSecret} characters or more, got {(Secret.Length == 0 ? "none" : "a shorter one")}");
        }

        foreach (var (i, name) in Events.Index().Where(e => JobEventCatalogue.Find(e.Item) is null))
        {
            yield return (string.Create(CultureInfo.InvariantCulture, $"{nameof(Events)}:{i}"), $"expected one of {string.Join(", ", JobEventCatalogue.All.Select(type => type.Name))}, got '{name}'");
        }
    }
}
