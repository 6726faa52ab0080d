using AiCd.Forge.GitHub;
using AiCd.Forge.GitHub.Api;
using AiCd.Forge.GitHub.Auth;
using AiCd.Testing.GitHub;

namespace AiCd.Forge.Tests.GitHub;

public sealed class RequestFormatTests : GitHubFixture
{
    private static readonly RepositoryName Name = new("acme", "app");

    /// <summary>The fixture holds every request against the published formats; here each kind is sent once, so that none is left out.</summary>
    [Fact]
    public async Task Every_request_that_can_be_sent_is_one_that_github_documents()
    {
        var issue = GitHub.AddIssue(Repository, "One", "", Person);
        GitHub.App.Deliveries.Add(new FakeDelivery(1, "g1", "issues", "labeled", TimeProvider.System.GetUtcNow(), 502, Redelivery: false));
        var node = App(("WebhookSecret", "s"));
        var person = WithToken();
        var (draft, opened) = await node.OpenAsync(Repository, NewJob());
        var app = node.Get<AppApi>();
        var issues = node.Get<IssueApi>();
        var repositories = node.Get<RepositoryApi>();
        var pulls = node.Get<PullApi>();
        var access = await node.Get<GitHubAccesses>().ForAsync(Name, TokenUse.Work, Cancel);
        var token = person.Get<TokenAccess>();
        var sha = draft.Change.CommitSha;
        var output = new CheckOutput("Title", "Summary", "Text");

        await app.GetAsync(Cancel);
        var installation = (await app.ListInstallationsAsync(Cancel))[0];
        await app.ListDeliveriesAsync(DateTimeOffset.UnixEpoch, Cancel);
        await app.RedeliverAsync(1, Cancel);
        await repositories.ListOfInstallationAsync(node.Get<GitHubAccesses>().For(installation), Cancel);
        await person.Get<RepositoryApi>().GetUserAsync(token, Cancel);
        await person.Get<RepositoryApi>().ForkAsync(token, Name, Cancel);
        await repositories.FindFileAsync(access, Name, "README.md", "main", Cancel);
        await repositories.GetCommitAsync(access, Name, sha, Cancel);
        await repositories.FindPermissionAsync(access, Name, Person, Cancel);
        await pulls.UpdateAsync(access, Name, opened.Number, new PullChange("T", "B", "open"), takesTurn: true, Cancel);
        await pulls.RequestReviewAsync(access, Name, opened.Number, new ReviewRequest(["kim"], ["core"]), Cancel);
        await pulls.FindAsync(access, Name, opened.Number, Cancel);
        await pulls.ListReviewsAsync(access, Name, opened.Number, Cancel);
        await pulls.ListReviewCommentsAsync(access, Name, opened.Number, Cancel);
        await repositories.ListCheckRunsAsync(access, Name, sha, Cancel);
        await issues.FindAsync(access, Name, issue.Number, Cancel);
        (await node.Get<IssueWordsApi>().FindAsync(access, Name, issue.Number, Cancel)).ShouldBe(new IssueWords("One", "", null, null));
        await issues.ListOpenAsync(access, Name, "aicd", Cancel);
        await issues.ListEventsAsync(access, Name, issue.Number, Cancel);
        await issues.AddLabelsAsync(access, Name, issue.Number, ["bot"], Cancel);
        await issues.AddAssigneesAsync(access, Name, issue.Number, ["kim"], Cancel);
        var comment = await issues.CommentAsync(access, Name, issue.Number, "One", Cancel);
        await issues.EditCommentAsync(access, Name, comment.Id, "Two", Cancel);
        await issues.ListCommentsAsync(access, Name, issue.Number, Cancel);
        await issues.ListCommentsAsync(access, Name, DateTimeOffset.UnixEpoch, Cancel);
        await issues.DeleteCommentAsync(access, Name, comment.Id, Cancel);
        var run = new CheckRunChange("AiCd", sha, "job", "completed", "success", output);
        var check = await repositories.CreateCheckRunAsync(access, Name, run, takesTurn: true, Cancel);
        await repositories.UpdateCheckRunAsync(access, Name, check.Id, run, takesTurn: true, Cancel);
        await repositories.ListCheckRunsAsync(access, Name, sha, "AiCd", Cancel);
        await person.Get<RepositoryApi>().ListStatusesAsync(token, Name, sha, Cancel);
        await person.Get<RepositoryApi>().CreateStatusAsync(token, Name, sha, new NewStatus("success", "AiCd", "Fine"), takesTurn: true, Cancel);

        GitHub.Violations.ShouldBeEmpty();
        FakeGitHub.KnownRequests.Where(known => GitHub.Count(known) == 0).ShouldBeEmpty();
    }
}
