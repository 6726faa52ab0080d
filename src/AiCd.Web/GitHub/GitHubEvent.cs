using System.Globalization;
using System.Text;
using System.Text.Json;

namespace AiCd.Web.GitHub;

/// <summary>What is understood of a delivery. All of its texts are untrusted, and cut to what they may be.</summary>
internal sealed record GitHubEvent(string Name, string Action, string Repository, long? Installation, string Sender, bool FromBot)
{
    private const string OwnMark = "<!-- aicd:";

    /// <summary>The issue or the pull request that the event is about.</summary>
    public int? Number { get; init; }

    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>The label that the action is about.</summary>
    public string? Subject { get; init; }

    /// <summary>What was written: a comment or a review.</summary>
    public string? Comment { get; init; }

    /// <summary>Tells the comment or review from all others of its repository; null where there is none.</summary>
    public string? Mark { get; init; }

    /// <summary>When that was written, by GitHub's clock.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>The pull requests that the event is about.</summary>
    public IReadOnlyList<int> PullRequests { get; init; } = [];

    /// <summary>Whether AiCd wrote it, under whichever login: what it says is never taken for a command.</summary>
    public bool IsOwnWord => Comment?.Contains(OwnMark, StringComparison.Ordinal) == true;

    /// <exception cref="JsonException">The body is no delivery.</exception>
    public static GitHubEvent Parse(string name, byte[] body)
    {
        using var document = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = 64 });
        var root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object)
        {
            throw new JsonException("a delivery is an object");
        }

        var sender = Member(root, "sender");
        var (issue, pullRequest) = (Member(root, "issue"), Member(root, "pull_request"));
        var (comment, review) = (Member(root, "comment"), Member(root, "review"));
        var check = Member(root, "check_run") is { ValueKind: JsonValueKind.Object } run ? run : Member(root, "check_suite");
        return new GitHubEvent(
            name,
            Text(root, "action") ?? "",
            Line(Text(Member(root, "repository"), "full_name"), 300),
            LongNumber(Member(root, "installation"), "id"),
            Line(Text(sender, "login"), 100),
            IsBot(sender) || IsBot(Member(comment, "user")) || IsBot(Member(review, "user"))
                || Member(comment, "performed_via_github_app").ValueKind == JsonValueKind.Object)
        {
            Number = ShortNumber(issue, "number") ?? ShortNumber(pullRequest, "number"),
            Labels = [.. Elements(issue, "labels").Select(label => Line(Text(label, "name"), 100))],
            Subject = Text(Member(root, "label"), "name"),
            Comment = Text(comment, "body") ?? Text(review, "body"),
            Mark = MarkOf(name, LongNumber(comment, "id") ?? LongNumber(review, "id")),
            At = Time(comment, "created_at") ?? Time(review, "submitted_at"),
            PullRequests = [.. Elements(check, "pull_requests").Append(pullRequest).Select(pull => ShortNumber(pull, "number")).OfType<int>().Distinct()],
        };
    }

    /// <summary>Comments on issues and on lines, and reviews, are counted apart.</summary>
    private static string? MarkOf(string name, long? id) => id is null ? null : string.Create(CultureInfo.InvariantCulture, $"{name} {id}");

    /// <summary>Without what no store can hold, and no longer than it may be.</summary>
    public static string Clean(string? text, int max)
    {
        var clean = new StringBuilder();
        foreach (var rune in (text ?? "").EnumerateRunes())
        {
            if (rune.Value != 0 && clean.Length + rune.Utf16SequenceLength <= max)
            {
                clean.Append(rune);
            }
        }

        return clean.ToString();
    }

    private static string Line(string? text, int max) => Clean(new string([.. (text ?? "").Select(c => char.IsControl(c) ? ' ' : c)]), max).Trim();

    private static bool IsBot(JsonElement user) =>
        Text(user, "type") == "Bot" || Text(user, "login")?.EndsWith("[bot]", StringComparison.OrdinalIgnoreCase) == true;

    private static JsonElement Member(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var member) ? member : default;

    private static string? Text(JsonElement element, string name)
    {
        var member = Member(element, name);
        try
        {
            return member.ValueKind == JsonValueKind.String ? member.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair, escaped: no text that anybody wrote.
            return null;
        }
    }

    private static DateTimeOffset? Time(JsonElement element, string name) =>
        Member(element, name) is { ValueKind: JsonValueKind.String } member && member.TryGetDateTimeOffset(out var at) ? at : null;

    private static long? LongNumber(JsonElement element, string name) =>
        Member(element, name) is { ValueKind: JsonValueKind.Number } member && member.TryGetInt64(out var number) ? number : null;

    private static int? ShortNumber(JsonElement element, string name) => LongNumber(element, name) is > 0 and <= int.MaxValue and var number ? (int)number : null;

    private static JsonElement[] Elements(JsonElement element, string name) =>
        Member(element, name) is { ValueKind: JsonValueKind.Array } array ? [.. array.EnumerateArray()] : [];
}
