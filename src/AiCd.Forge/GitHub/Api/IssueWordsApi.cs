using System.Net;
using AiCd.Forge.GitHub.Auth;
using AiCd.Forge.GitHub.Http;

namespace AiCd.Forge.GitHub.Api;

/// <summary>What an issue says, and who saved that last.</summary>
internal sealed record IssueWords(string? Title, string? Body, WordsEdit? Renamed, WordsEdit? Rewritten);

/// <param name="By">Null where it was no person, or one who is gone.</param>
internal sealed record WordsEdit(DateTimeOffset At, string? By);

/// <summary>Asks for both in one question, so that the one is the other's: only GraphQL tells who edited.</summary>
internal sealed class IssueWordsApi(ApiCalls calls)
{
    // Beside the root of the REST API, on github.com as on an Enterprise Server.
    private const string Path = "../graphql";

    private const string Question = """
        query($owner: String!, $name: String!, $number: Int!) {
          repository(owner: $owner, name: $name) {
            issue(number: $number) {
              title
              body
              lastEditedAt
              editor { __typename login }
              timelineItems(itemTypes: [RENAMED_TITLE_EVENT], last: 1) {
                nodes { ... on RenamedTitleEvent { createdAt actor { __typename login } } }
              }
            }
          }
        }
        """;

    /// <returns>Null where there is no such issue.</returns>
    public async Task<IssueWords?> FindAsync(IGitHubAccess access, RepositoryName repository, int number, CancellationToken cancellationToken)
    {
        var request = new GitHubRequest(HttpMethod.Post, Path) { IsQuery = true };
        var query = new GraphQlQuery(Question, new IssueVariables(repository.Owner, repository.Name, number));
        var answer = await calls.SendAsync(access, request, query, GraphQlJson.Default.GraphQlQuery, GraphQlJson.Default.GraphQlAnswer, cancellationToken);
        if (answer.Data?.Repository?.Issue is { } issue)
        {
            var rename = issue.TimelineItems?.Nodes is [.., var last] ? last : null;
            return new IssueWords(issue.Title, issue.Body, Edit(rename?.CreatedAt, rename?.Actor), Edit(issue.LastEditedAt, issue.Editor));
        }

        return answer.Errors switch
        {
            null or [] or [{ Type: "NOT_FOUND" }, ..] => null,
            [{ Type: "RATE_LIMITED" }, ..] => throw new GitHubLimitedException(request.Name, RateLimit.Unnamed),
            [{ Type: "FORBIDDEN" } refused, ..] => throw new GitHubRefusedException(HttpStatusCode.Forbidden, request.Name, refused.Message ?? "no reason given"),
            [var error, ..] => throw new GitHubUnavailableException(request.Name, error.Message ?? "no reason given"),
        };
    }

    private static WordsEdit? Edit(DateTimeOffset? at, ActorNode? by) => at is { } known ? new WordsEdit(known, by?.Person) : null;
}
