using System.Text;
using System.Text.Json;
using AiCd.Web.Jobs;

namespace AiCd.Web.GitHub;

/// <summary>What is understood of a delivery. All of its texts are untrusted, and cut to what jobs may hold.</summary>
internal sealed record GitHubEvent(
    string Name,
    string Action,
    string Repository,
    string CloneUrl,
    string DefaultBranch,
    long? Installation,
    string Sender,
    bool FromBot)
{
    public int? Issue { get; init; }

    public string Title { get; init; } = "";

    public string Body { get; init; } = "";

    public string? Url { get; init; }

    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>The label or the assignee that the action is about.</summary>
    public string? Subject { get; init; }

    /// <summary>What was written: a comment or a review.</summary>
    public string? Comment { get; init; }

    public string? ReviewState { get; init; }

    /// <summary>The branch of the pull request that the event is about.</summary>
    public string? HeadBranch { get; init; }

    /// <exception cref="JsonException">The body is no delivery.</exception>
    public static GitHubEvent Parse(string name, byte[] body)
    {
        using var document = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = 64 });
        var root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object)
        {
            throw new JsonException("a delivery is an object");
        }

        var (repository, sender) = (Member(root, "repository"), Member(root, "sender"));
        var (issue, pullRequest) = (Member(root, "issue"), Member(root, "pull_request"));
        var (comment, review) = (Member(root, "comment"), Member(root, "review"));
        return new GitHubEvent(
            name,
            Text(root, "action") ?? "",
            Line(Text(repository, "full_name"), 300),
            Line(Text(repository, "clone_url"), FieldRules.MaxAddress),
            Line(Text(repository, "default_branch"), FieldRules.MaxName),
            Number(Member(root, "installation"), "id"),
            Line(Text(sender, "login"), 100),
            IsBot(sender) || IsBot(Member(comment, "user")) || IsBot(Member(review, "user"))
                || Member(comment, "performed_via_github_app").ValueKind == JsonValueKind.Object)
        {
            Issue = (int?)Number(issue, "number"),
            Title = Line(Text(issue, "title"), FieldRules.MaxTitle),
            Body = Clean(Text(issue, "body"), FieldRules.MaxText),
            Url = Text(issue, "html_url"),
            Labels = [.. Elements(issue, "labels").Select(label => Line(Text(label, "name"), 100)).Where(label => label.Length > 0).Take(19)],
            Subject = Text(Member(root, "label"), "name") ?? Text(Member(root, "assignee"), "login"),
            Comment = Text(comment, "body") ?? Text(review, "body"),
            ReviewState = Text(review, "state"),
            HeadBranch = Text(Member(pullRequest, "head"), "ref"),
        };
    }

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

    private static long? Number(JsonElement element, string name) =>
        Member(element, name) is { ValueKind: JsonValueKind.Number } member && member.TryGetInt64(out var number) ? number : null;

    private static JsonElement[] Elements(JsonElement element, string name) =>
        Member(element, name) is { ValueKind: JsonValueKind.Array } array ? [.. array.EnumerateArray()] : [];
}
