using System.Text.Json.Nodes;
using AiCd.Actors.Ports;
using AiCd.Forge.GitHub;
using AiCd.Forge.GitHub.Api;
using AiCd.Forge.GitHub.Auth;
using AiCd.Forge.GitHub.Triggers;
using AiCd.Testing.GitHub;
using Microsoft.Extensions.DependencyInjection;

namespace AiCd.Forge.Tests.GitHub;

/// <summary>Commands in reviews and in remarks on lines are found where no webhook tells of them.</summary>
public sealed class ReviewPollTests : GitHubFixture
{
    private const string ReviewComments = "GET repos/{o}/{r}/pulls/{n}/comments";

    private static readonly RepositoryName Name = new("acme", "app");

    private readonly InboxFake _inbox = new();

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    private GitHubNode Listening(params (string, string)[] settings) =>
        Node([.. GitHubNode.AsApp(GitHub), .. settings], services => services.AddSingleton<IForgeInbox>(_inbox));

    private static async Task LookAsync(GitHubNode node, FakePull pull)
    {
        var access = await node.Get<GitHubAccesses>().ForAsync(Name, TokenUse.Work, Cancel);
        var reviews = await node.Get<PullApi>().ListReviewsAsync(access, Name, pull.Number, Cancel);
        await node.Get<ReviewPoll>().LookAsync(access, Name, pull.Number, reviews, Cancel);
    }

    private async Task<FakePull> OpenedAsync()
    {
        await App().OpenAsync(Repository, NewJob());
        return Repository.Pulls[^1];
    }

    private static FakeReview Review(long id, string body, DateTimeOffset at, params (string, int, string)[] comments) =>
        new(id, Person, "COMMENTED", body, "sha", comments) { SubmittedAt = at };

    [Fact]
    public async Task A_command_in_a_review_or_on_a_line_is_handed_over_once_however_often_and_by_whomever_it_is_found()
    {
        var pull = await OpenedAsync();
        await LookAsync(Listening(), pull);
        pull.Reviews.Add(Review(6, "Hm\n/aicd cancel", Now, ("README.md", 1, "/aicd status"), ("README.md", 1, "Say it in one line")));
        pull.Reviews.Add(Review(7, "Well done", Now));

        await LookAsync(Listening(), pull);
        await LookAsync(Listening(), pull);

        var (review, comment) = (_inbox.Received.First(), _inbox.Received.Last());
        _inbox.Received.Count.ShouldBe(2);
        (review.Name, comment.Name).ShouldBe(("pull_request_review", "pull_request_review_comment"));
        var told = JsonNode.Parse(review.Body)!;
        ((string)told["action"]!, (long)told["review"]!["id"]!, (string)told["review"]!["body"]!).ShouldBe(("submitted", 6, "Hm\n/aicd cancel"));
        ((int)told["pull_request"]!["number"]!, (string)told["sender"]!["login"]!).ShouldBe((pull.Number, Person));
        ((long)told["installation"]!["id"]!, (string)told["repository"]!["full_name"]!).ShouldBe((Installation.Id, "acme/app"));
        told = JsonNode.Parse(comment.Body)!;
        ((string)told["action"]!, (long)told["comment"]!["id"]!, (string)told["comment"]!["body"]!).ShouldBe(("created", 600, "/aicd status"));
        ((int)told["pull_request"]!["number"]!, (string)told["sender"]!["login"]!).ShouldBe((pull.Number, Person));
    }

    [Fact]
    public async Task What_was_said_before_anybody_listened_is_not_obeyed_and_a_pull_request_that_is_opened_later_is_heard_from_its_beginning()
    {
        var old = await OpenedAsync();
        old.Reviews.Add(Review(6, "/aicd cancel", Now.AddDays(-1), ("README.md", 1, "/aicd cancel")));
        await Listening().Get<ReviewPoll>().ListenAsync(Name, Cancel);

        await LookAsync(Listening(), old);
        _inbox.Received.ShouldBeEmpty();

        var later = await OpenedAsync();
        later.Reviews.Add(Review(7, "", Now, ("README.md", 1, "/aicd cancel")));
        await LookAsync(Listening(), later);
        _inbox.Received.ShouldHaveSingleItem().Name.ShouldBe("pull_request_review_comment");
    }

    [Fact]
    public async Task Lines_are_asked_for_only_where_a_review_is_new_and_nothing_where_a_webhook_tells()
    {
        var pull = await OpenedAsync();
        await Listening().Get<ReviewPoll>().ListenAsync(Name, Cancel);
        pull.Reviews.Add(Review(6, "Fine", Now.AddDays(-1)));
        await LookAsync(Listening(), pull);
        GitHub.Count(ReviewComments).ShouldBe(0);

        pull.Reviews.Add(Review(7, "Fine", Now.AddMinutes(5)));
        await LookAsync(Listening(), pull);
        GitHub.Count(ReviewComments).ShouldBe(1);
        pull.Reviews.Clear();
        pull.Reviews.Add(Review(8, "/aicd cancel", Now.AddMinutes(1)));
        await LookAsync(Listening(), pull);
        GitHub.Count(ReviewComments).ShouldBe(1, "it was heard until later than that");

        Listening().Get<ReviewPoll>().Listens.ShouldBeTrue();
        Listening(("WebhookSecret", "s")).Get<ReviewPoll>().Listens.ShouldBeFalse();
        App().Get<ReviewPoll>().Listens.ShouldBeFalse("there is no inbox");
    }
}
