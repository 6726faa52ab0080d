using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AiCd.Testing.GitHub;

/// <summary>What things look like in answers: the fields that matter, and some that do not, as in GitHub's own.</summary>
internal static class Shapes
{
    private const string SomeTime = "2024-01-01T00:00:00Z";

    private static string Time(DateTimeOffset at) => at.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);

    public static JsonObject User(string login, bool isApp) => new()
    {
        ["login"] = login,
        ["id"] = 1 + Math.Abs(string.GetHashCode(login, StringComparison.Ordinal)) % 1000,
        ["type"] = isApp ? "Bot" : "User",
        ["avatar_url"] = "https://avatars.example/u/1",
        ["gravatar_id"] = "",
        ["site_admin"] = false,
    };

    public static JsonObject Repository(FakeGitHub fake, FakeRepository repository, Caller? caller)
    {
        var shape = new JsonObject
        {
            ["id"] = repository.Id,
            ["node_id"] = "R_1",
            ["name"] = repository.Name,
            ["full_name"] = repository.FullName,
            ["owner"] = User(repository.Owner, isApp: false),
            ["private"] = repository.Private,
            ["html_url"] = $"{fake.WebUrl}{repository.FullName}",
            ["description"] = null,
            ["fork"] = repository.Parent is not null,
            ["size"] = repository.Size,
            ["default_branch"] = repository.DefaultBranch,
            ["archived"] = repository.Archived,
            ["disabled"] = repository.Disabled,
            ["allow_forking"] = true,
            ["topics"] = new JsonArray(),
            ["license"] = null,
        };
        if (caller is { Installation: null })
        {
            shape["permissions"] = new JsonObject { ["admin"] = repository.RoleOf(caller.Login) == "admin", ["push"] = caller.Pushes(repository), ["pull"] = true };
        }

        if (repository.Parent is { } parent)
        {
            shape["parent"] = new JsonObject { ["id"] = parent.Id, ["full_name"] = parent.FullName };
        }

        return shape;
    }

    public static JsonNode Installation(FakeInstallation installation) => new JsonObject
    {
        ["id"] = installation.Id,
        ["account"] = User(installation.Account, isApp: false),
        ["permissions"] = JsonSerializer.SerializeToNode(installation.Permissions),
        ["suspended_at"] = null,
        ["events"] = new JsonArray("issues", "issue_comment"),
    };

    public static JsonNode Delivery(FakeDelivery delivery) => new JsonObject
    {
        ["id"] = delivery.Id,
        ["guid"] = delivery.Unique,
        ["delivered_at"] = Time(delivery.DeliveredAt),
        ["redelivery"] = delivery.Redelivery,
        ["duration"] = 0.27,
        ["status"] = delivery.StatusCode == 200 ? "OK" : "Invalid HTTP Response: 502",
        ["status_code"] = delivery.StatusCode,
        ["event"] = delivery.Event,
        ["action"] = delivery.Action,
        ["installation_id"] = 1,
        ["repository_id"] = null,
    };

    public static JsonNode Issue(FakeGitHub fake, FakeRepository repository, FakeIssue issue) => new JsonObject
    {
        ["id"] = 10_000 + issue.Number,
        ["number"] = issue.Number,
        ["html_url"] = $"{fake.WebUrl}{repository.FullName}/issues/{issue.Number}",
        ["state"] = issue.State,
        ["state_reason"] = null,
        ["title"] = issue.Title,
        ["body"] = issue.Body.Length == 0 ? null : issue.Body,
        ["user"] = User(issue.Author, isApp: false),
        ["labels"] = new JsonArray([.. issue.Labels.Select(label => (JsonNode)new JsonObject { ["id"] = 1, ["name"] = label, ["color"] = "ededed" })]),
        ["assignee"] = null,
        ["milestone"] = null,
        ["comments"] = issue.Comments.Count,
        ["updated_at"] = SomeTime,
    };

    public static JsonNode Labeling((long Id, string Label, string Actor, DateTimeOffset At) labeling) => new JsonObject
    {
        ["id"] = labeling.Id,
        ["event"] = "labeled",
        ["actor"] = User(labeling.Actor, isApp: false),
        ["label"] = new JsonObject { ["name"] = labeling.Label, ["color"] = "ededed" },
        ["commit_id"] = null,
        ["created_at"] = Time(labeling.At),
    };

    public static JsonNode Comment(FakeGitHub fake, FakeRepository repository, FakeIssue issue, FakeComment comment) => new JsonObject
    {
        ["id"] = comment.Id,
        ["html_url"] = $"{fake.WebUrl}{repository.FullName}/issues/{issue.Number}#issuecomment-{comment.Id}",
        ["body"] = comment.Body,
        ["issue_url"] = $"{fake.ApiUrl}/repos/{repository.FullName}/issues/{issue.Number}",
        ["user"] = User(comment.Author, comment.IsApp),
        ["created_at"] = Time(comment.CreatedAt),
        ["updated_at"] = Time(comment.UpdatedAt),
        ["author_association"] = "NONE",
        ["performed_via_github_app"] = null,
    };

    public static JsonNode Pull(FakeGitHub fake, FakeRepository repository, FakePull pull) => new JsonObject
    {
        ["id"] = 20_000 + pull.Number,
        ["number"] = pull.Number,
        ["html_url"] = $"{fake.WebUrl}{repository.FullName}/pull/{pull.Number}",
        ["state"] = pull.State,
        ["title"] = pull.Title,
        ["body"] = pull.Body,
        ["draft"] = pull.Draft,
        ["merged_at"] = pull.Merged ? SomeTime : null,
        ["user"] = User(pull.Author, isApp: false),
        ["head"] = new JsonObject
        {
            ["label"] = $"{pull.HeadRepository.Owner}:{pull.Branch}",
            ["ref"] = pull.Branch,
            ["sha"] = new string('a', 40),
            ["repo"] = Repository(fake, pull.HeadRepository, null),
        },
        ["base"] = new JsonObject { ["ref"] = pull.Base, ["repo"] = Repository(fake, repository, null) },
        ["mergeable"] = null,
        ["auto_merge"] = null,
    };

    public static JsonNode Check(FakeGitHub fake, FakeRepository repository, FakeCheck check) => new JsonObject
    {
        ["id"] = check.Id,
        ["head_sha"] = check.Sha,
        ["name"] = check.Name,
        ["external_id"] = check.ExternalId,
        ["html_url"] = $"{fake.WebUrl}{repository.FullName}/runs/{check.Id}",
        ["status"] = "completed",
        ["conclusion"] = check.Conclusion,
        ["output"] = new JsonObject { ["title"] = null, ["summary"] = check.Summary },
        ["pull_requests"] = new JsonArray(),
    };

    public static JsonNode Review(FakeReview review) => new JsonObject
    {
        ["id"] = review.Id,
        ["user"] = User(review.Author, isApp: false),
        ["body"] = review.Body,
        ["state"] = review.State,
        ["commit_id"] = review.Sha,
        ["submitted_at"] = review.SubmittedAt is { } at ? Time(at) : SomeTime,
    };

    public static IEnumerable<JsonNode> ReviewComments(FakeReview review) => review.Comments.Select((comment, i) => (JsonNode)new JsonObject
    {
        ["id"] = (review.Id * 100) + i,
        ["pull_request_review_id"] = review.Id,
        ["path"] = comment.Path,
        ["line"] = comment.Line,
        ["body"] = comment.Text,
        ["user"] = User(review.Author, isApp: false),
        ["in_reply_to_id"] = null,
        ["created_at"] = SomeTime,
    });

    /// <summary>A repository with one of its issues, as GraphQL has them.</summary>
    public static JsonObject Graph(FakeRepository repository, FakeIssue issue) => new()
    {
        ["__typename"] = "Repository",
        ["nameWithOwner"] = repository.FullName,
        ["issue"] = new JsonObject
        {
            ["__typename"] = "Issue",
            ["number"] = issue.Number,
            ["title"] = issue.Title,
            ["body"] = issue.Body,
            ["author"] = Actor(issue.Author, isApp: false),
            ["lastEditedAt"] = issue.Rewritten is { } rewritten ? Time(rewritten.At) : null,
            ["editor"] = issue.Rewritten is { } by ? Actor(by.Author, by.IsApp) : null,
            ["timelineItems"] = new JsonObject
            {
                ["__typename"] = "IssueTimelineItemsConnection",
                ["nodes"] = issue.Renamed is { } renamed
                    ? new JsonArray(new JsonObject { ["__typename"] = "RenamedTitleEvent", ["createdAt"] = Time(renamed.At), ["actor"] = Actor(renamed.Author, renamed.IsApp) })
                    : new JsonArray(),
            },
        },
    };

    /// <summary>Apps are called without their suffix there.</summary>
    private static JsonObject Actor(string login, bool isApp) => new() { ["__typename"] = isApp ? "Bot" : "User", ["login"] = login };

    public static JsonNode Status(FakeStatus status) => new JsonObject
    {
        ["id"] = status.Id,
        ["state"] = status.State,
        ["context"] = status.Context,
        ["description"] = status.Description,
        ["target_url"] = null,
    };
}
