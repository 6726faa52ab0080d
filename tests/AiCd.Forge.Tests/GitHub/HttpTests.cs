using System.Net;
using AiCd.Forge.GitHub;
using AiCd.Forge.GitHub.Api;
using AiCd.Forge.GitHub.Auth;
using AiCd.Forge.GitHub.Http;
using AiCd.Testing.GitHub;

namespace AiCd.Forge.Tests.GitHub;

public sealed class HttpTests : GitHubFixture
{
    private static readonly RepositoryName Name = new("acme", "app");

    private static Task<IGitHubAccess> AccessAsync(GitHubNode node) => node.Get<GitHubAccesses>().ForAsync(Name, TokenUse.Work, Cancel);

    [Fact]
    public async Task A_list_is_read_over_all_its_pages()
    {
        GitHub.PageSize = 3;
        for (var i = 0; i < 10; i++)
        {
            GitHub.Label(GitHub.AddIssue(Repository, $"Issue {i}", "", Person), "aicd", Person);
        }

        var node = App();
        var issues = await node.Get<IssueApi>().ListOpenAsync(await AccessAsync(node), Name, "aicd", Cancel);

        issues.Select(issue => issue.Title).ShouldBe(Enumerable.Range(0, 10).Select(i => $"Issue {i}"));
        GitHub.Count("GET repos/{o}/{r}/issues").ShouldBe(4);
    }

    [Fact]
    public async Task What_has_not_changed_is_not_sent_again()
    {
        var issue = GitHub.AddIssue(Repository, "One", "Text", Person);
        var node = App();
        var access = await AccessAsync(node);
        var first = await node.Get<IssueApi>().FindAsync(access, Name, issue.Number, Cancel);

        var second = await node.Get<IssueApi>().FindAsync(access, Name, issue.Number, Cancel);
        issue.Title = "Two";
        var third = await node.Get<IssueApi>().FindAsync(access, Name, issue.Number, Cancel);

        second!.Title.ShouldBe(first!.Title);
        third!.Title.ShouldBe("Two");
        var asked = GitHub.Requests.Where(request => request.Path.EndsWith($"/issues/{issue.Number}", StringComparison.Ordinal)).ToList();
        asked[0].Headers.Keys.ShouldNotContain("If-None-Match");
        asked[1].Headers.Keys.ShouldContain("If-None-Match");
    }

    public static TheoryData<Fault> PassingFaults => [new Fault.Answer(500, ""), new Fault.Answer(502, "Bad gateway"), new Fault.Cut(After: false), new Fault.Half()];

    [Theory]
    [MemberData(nameof(PassingFaults))]
    public async Task A_read_that_fails_in_passing_is_tried_again(Fault fault)
    {
        var issue = GitHub.AddIssue(Repository, "One", "Text", Person);
        var node = App();
        var access = await AccessAsync(node);
        await node.Get<GitHubRepositories>().FindAsync("default", Name, Cancel);
        GitHub.Plan(request => request.Method == "GET", fault);

        (await node.Get<IssueApi>().FindAsync(access, Name, issue.Number, Cancel)).ShouldNotBeNull();
    }

    [Fact]
    public async Task A_write_whose_outcome_is_unknown_is_not_tried_again()
    {
        var issue = GitHub.AddIssue(Repository, "One", "Text", Person);
        var node = App();
        var access = await AccessAsync(node);
        GitHub.Plan(request => request.Method == "POST" && request.Path.EndsWith("/comments", StringComparison.Ordinal), new Fault.Cut(After: true), times: 5);

        await Should.ThrowAsync<GitHubUnavailableException>(() => node.Get<IssueApi>().CommentAsync(access, Name, issue.Number, "Hello", Cancel));

        issue.Comments.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData(403, "Resource not accessible by integration")]
    [InlineData(404, "Not Found")]
    [InlineData(410, "Issues has been disabled in this repository.")]
    [InlineData(422, "Validation Failed")]
    public async Task A_refusal_is_told_with_its_reason_and_not_repeated(int status, string reason)
    {
        var node = App();
        var access = await AccessAsync(node);
        GitHub.Plan(request => request.Method == "POST" && request.Path.EndsWith("/comments", StringComparison.Ordinal), new Fault.Answer(status, reason), times: 5);

        var refusal = await Should.ThrowAsync<GitHubRefusedException>(() => node.Get<IssueApi>().CommentAsync(access, Name, 1, "Hello", Cancel));

        refusal.Status.ShouldBe((HttpStatusCode)status);
        refusal.Message.ShouldContain(reason);
        GitHub.Count("POST repos/{o}/{r}/issues/{n}/comments").ShouldBe(1);
    }

    [Fact]
    public async Task A_slow_answer_is_given_up()
    {
        var trap = new Trap();
        GitHub.Plan(request => request.Path.EndsWith("/issues/1", StringComparison.Ordinal), new Fault.Stop(trap, After: false), times: 3);
        var node = App(("Timeout", "00:00:01"));
        var access = await AccessAsync(node);

        var error = await Should.ThrowAsync<GitHubUnavailableException>(() => node.Get<IssueApi>().FindAsync(access, Name, 1, Cancel));

        error.Message.ShouldContain("no answer within");
        trap.Release();
    }

    [Fact]
    public async Task Whatever_else_an_answer_holds_it_is_read()
    {
        GitHub.Plan(request => request.Path.EndsWith("/issues/7", StringComparison.Ordinal), new Fault.Answer(200, "no issue at all"));
        var node = App();

        var odd = await node.Get<IssueApi>().FindAsync(await AccessAsync(node), Name, 7, Cancel);

        odd.ShouldNotBeNull();
        odd.Title.ShouldBeNull();
    }
}
