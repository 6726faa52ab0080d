using System.Text;
using System.Text.Json.Nodes;
using AiCd.Forge.GitHub.Api;

namespace AiCd.Forge.GitHub.Triggers;

/// <summary>A comment or a review that was found, as the webhook would have told of it. Pure.</summary>
internal static class CommentEvent
{
    public const string Comment = "issue_comment";
    public const string Review = "pull_request_review";
    public const string ReviewComment = "pull_request_review_comment";

    public static byte[] Of(CommentBody comment, RepositoryName repository, int issue, long? installation) => Told(
        "created", "issue", issue, "comment", comment.User, repository, installation, new JsonObject
        {
            ["id"] = comment.Id,
            ["body"] = comment.Body,
            ["created_at"] = comment.CreatedAt,
            ["performed_via_github_app"] = comment.PerformedViaGithubApp is { } app ? new JsonObject { ["slug"] = app.Slug } : null,
        });

    public static byte[] Of(ReviewBody review, RepositoryName repository, int pull, long? installation) => Told(
        "submitted", "pull_request", pull, "review", review.User, repository, installation, new JsonObject
        {
            ["id"] = review.Id,
            ["body"] = review.Body,
            ["state"] = review.State?.ToLowerInvariant(),
            ["submitted_at"] = review.SubmittedAt,
        });

    /// <param name="review">With which the comment was made known.</param>
    public static byte[] Of(ReviewCommentBody comment, ReviewBody review, RepositoryName repository, int pull, long? installation) => Told(
        "created", "pull_request", pull, "comment", comment.User, repository, installation, new JsonObject
        {
            ["id"] = comment.Id,
            ["body"] = comment.Body,
            ["pull_request_review_id"] = review.Id,
            ["created_at"] = review.SubmittedAt,
        });

    private static byte[] Told(
        string action, string place, int number, string part, UserBody? by, RepositoryName repository, long? installation, JsonObject said)
    {
        said["user"] = Person(by);
        var told = new JsonObject
        {
            ["action"] = action,
            [place] = new JsonObject { ["number"] = number },
            [part] = said,
            ["repository"] = new JsonObject { ["full_name"] = repository.ToString() },
            ["sender"] = Person(by),
        };
        if (installation is { } id)
        {
            told["installation"] = new JsonObject { ["id"] = id };
        }

        return Encoding.UTF8.GetBytes(told.ToJsonString());
    }

    private static JsonObject Person(UserBody? user) => new() { ["login"] = user?.Login, ["type"] = user?.Type };
}
