using System.Text.Json.Nodes;
using AiCd.Actors.Ports;
using AiCd.Forge.GitHub;
using AiCd.Forge.GitHub.Triggers;
using AiCd.Testing.GitHub;
using Microsoft.Extensions.DependencyInjection;

namespace AiCd.Forge.Tests.GitHub;

/// <summary>Commands in comments are found where no webhook tells of them.</summary>
public sealed class CommentPollTests : GitHubFixture
{
    private static readonly RepositoryName Name = new("acme", "app");

    private readonly InboxFake _inbox = new();

    private GitHubNode Listening(params (string, string)[] settings) =>
        Node([("Token", GitHub.AddToken(Person)), ("Repositories:0", "acme/app"), .. settings], services => services.AddSingleton<IForgeInbox>(_inbox));

    private static Task LookAsync(GitHubNode node) => node.Get<CommentPoll>().LookAsync(Name, installation: 7, Cancel);

    [Fact]
    public async Task A_command_is_handed_over_once_however_often_and_by_whomever_it_is_found()
    {
        var issue = GitHub.AddIssue(Repository, "Wanted", "", Person);
        await LookAsync(Listening());
        var comment = GitHub.Say(issue, "Please\n/aicd run", Person);
        GitHub.Say(issue, "What is this?", "stranger");

        await LookAsync(Listening());
        await LookAsync(Listening());

        var told = JsonNode.Parse(_inbox.Received.ShouldHaveSingleItem().Body)!;
        ((string)told["action"]!).ShouldBe("created");
        ((int)told["issue"]!["number"]!).ShouldBe(issue.Number);
        ((long)told["comment"]!["id"]!).ShouldBe(comment.Id);
        ((string)told["comment"]!["body"]!).ShouldBe("Please\n/aicd run");
        ((string)told["repository"]!["full_name"]!).ShouldBe("acme/app");
        ((string)told["sender"]!["login"]!).ShouldBe(Person);
        ((long)told["installation"]!["id"]!).ShouldBe(7);
    }

    [Fact]
    public async Task What_was_said_before_anybody_listened_is_not_obeyed_whenever_it_is_changed()
    {
        var issue = GitHub.AddIssue(Repository, "Wanted", "", Person);
        var old = new FakeComment(1, Person, IsApp: false, TimeProvider.System.GetUtcNow().AddDays(-1)) { Body = "/aicd run" };
        issue.Comments.Add(old);
        await LookAsync(Listening());

        old.UpdatedAt = TimeProvider.System.GetUtcNow().AddMinutes(1);
        await LookAsync(Listening());

        _inbox.Received.ShouldBeEmpty();
        _inbox.Positions.ShouldHaveSingleItem().Value.ShouldBeGreaterThan(TimeProvider.System.GetUtcNow());
    }

    [Fact]
    public async Task Where_a_webhook_tells_of_comments_nobody_looks_for_them()
    {
        Listening().Get<CommentPoll>().Listens.ShouldBeTrue();
        Listening(("WebhookSecret", "s")).Get<CommentPoll>().Listens.ShouldBeFalse();
        Listening(("WebhookSecrets:0", "s")).Get<CommentPoll>().Listens.ShouldBeFalse();
        WithToken().Get<CommentPoll>().Listens.ShouldBeFalse("there is no inbox");
    }
}
