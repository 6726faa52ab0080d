using System.Text;
using System.Text.Json.Nodes;
using AiCd.Forge.GitHub.Api;

namespace AiCd.Forge.GitHub.Triggers;

/// <summary>A comment that was found, as the webhook would have told of it. Pure.</summary>
internal static class CommentEvent
{
    public static byte[] Of(CommentBody comment, RepositoryName repository, int issue, long? installation)
    {
        var told = new JsonObject
        {
            ["action"] = "created",
            ["issue"] = new JsonObject { ["number"] = issue },
            ["comment"] = new JsonObject
            {
                ["id"] = comment.Id,
                ["body"] = comment.Body,
                ["user"] = Person(comment.User),
                ["performed_via_github_app"] = comment.PerformedViaGithubApp is { } app ? new JsonObject { ["slug"] = app.Slug } : null,
            },
            ["repository"] = new JsonObject { ["full_name"] = repository.ToString() },
            ["sender"] = Person(comment.User),
        };
        if (installation is { } id)
        {
            told["installation"] = new JsonObject { ["id"] = id };
        }

        return Encoding.UTF8.GetBytes(told.ToJsonString());
    }

    private static JsonObject Person(UserBody? user) => new() { ["login"] = user?.Login, ["type"] = user?.Type };
}
