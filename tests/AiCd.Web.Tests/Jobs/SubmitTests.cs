using System.Net;
using AiCd.Actors.Jobs;
using AiCd.Web.Tests.Support;

namespace AiCd.Web.Tests.Jobs;

public sealed class SubmitTests : IAsyncLifetime
{
    private WebServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await WebServer.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task A_job_is_made_and_found_where_the_answer_says_and_comes_to_its_end()
    {
        using var response = await _server.Acme.ResponseAsync(HttpMethod.Post, "/api/v1/jobs", Api.Job(more: new { priority = 5, labels = new[] { "ui" }, budget = 2.5 }));
        response.StatusCode.ShouldBe(HttpStatusCode.Created);
        var location = response.Headers.Location!.ToString();
        await _server.UntilAsync(location.Split('/')[^1], JobState.Completed);

        var (status, job) = await _server.Acme.AskAsync(location);

        status.ShouldBe(HttpStatusCode.OK);
        ((string)job!["state"]!).ShouldBe("COMPLETED");
        ((string)job["body"]!).ShouldBe("Say hello");
        ((string)job["repository"]!).ShouldBe("file:///repos/acme.git");
        ((int)job["priority"]!).ShouldBe(5);
        ((decimal)job["budget"]!).ShouldBe(2.5m);
        ((string)job["submittedBy"]!).ShouldStartWith("key:acme");
        ((int)job["pullRequest"]!["number"]!).ShouldBe(7);
    }

    [Fact]
    public async Task The_same_key_gives_the_same_job_and_another_body_is_refused()
    {
        var key = ("Idempotency-Key", "order-1");
        var (first, made) = await _server.Acme.TellAsync("/api/v1/jobs", Api.Job("One"), key);
        var (second, again) = await _server.Acme.TellAsync("/api/v1/jobs", Api.Job("One"), key);

        first.ShouldBe(HttpStatusCode.Created);
        second.ShouldBe(HttpStatusCode.OK);
        ((string)again!["id"]!).ShouldBe((string)made!["id"]!);
        ((bool)again["created"]!).ShouldBeFalse();
        (await _server.Acme.TellAsync("/api/v1/jobs", Api.Job("Two"), key)).ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "idempotency-key-reused", "Idempotency-Key");
    }

    [Fact]
    public async Task Many_at_once_with_one_key_make_one_job()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => _server.Acme.TellAsync("/api/v1/jobs", Api.Job("Once"), ("Idempotency-Key", "k"))));

        answers.Count(answer => answer.Status == HttpStatusCode.Created).ShouldBe(1);
        answers.Count(answer => answer.Status == HttpStatusCode.OK).ShouldBe(19);
        answers.Select(answer => (string)answer.Body!["id"]!).Distinct().Count().ShouldBe(1);
    }

    [Theory]
    [InlineData("""{"repository":"/repos/acme.git"}""", "missing-field", "title")]
    [InlineData("""{"title":"","repository":"/repos/acme.git"}""", "invalid-field", "title")]
    [InlineData("""{"title":"a\nb","repository":"/repos/acme.git"}""", "invalid-field", "title")]
    [InlineData("""{"title":null,"repository":"/repos/acme.git"}""", "invalid-json", null)]
    [InlineData("""{"title":5,"repository":"/repos/acme.git"}""", "invalid-field", "title")]
    [InlineData("""{"title":"x","repository":"/repos/acme.git","colour":"red"}""", "unknown-field", "colour")]
    [InlineData("""{"title":"x","Repository":"/repos/acme.git"}""", "unknown-field", "Repository")]
    [InlineData("""{"title":"x","repository":"/repos/acme.git","priority":"5"}""", "invalid-field", "priority")]
    [InlineData("""{"title":"x","repository":"/repos/acme.git","priority":1e99}""", "invalid-field", "priority")]
    [InlineData("""{"title":"x","repository":"/repos/acme.git","priority":101}""", "invalid-field", "priority")]
    [InlineData("""{"title":"x","repository":"/repos/acme.git","budget":0}""", "invalid-field", "budget")]
    [InlineData("""{"title":"x","repository":"/repos/acme.git","budget":1e30}""", "invalid-field", "budget")]
    [InlineData("""{"title":"x","repository":"/repos/acme.git","deadline":"tomorrow"}""", "invalid-field", "deadline")]
    [InlineData("""{"title":"x","repository":"/repos/acme.git","deadline":"2001-01-01T00:00:00Z"}""", "invalid-field", "deadline")]
    [InlineData("""{"title":"x","repository":"/repos/acme.git","labels":"bug"}""", "invalid-field", "labels")]
    [InlineData("""{"title":"x","repository":"/repos/acme.git","agent":"nobody"}""", "invalid-field", "agent")]
    [InlineData("""{"title":"x","repository":"/repos/acme.git","url":"javascript:alert(1)"}""", "invalid-field", "url")]
    [InlineData("""{"title":"x","repository":"/repos/acme.git","body":"\u0000"}""", "invalid-field", "body")]
    [InlineData("""{"title":"x","title":"y","repository":"/repos/acme.git"}""", "invalid-json", null)]
    [InlineData("""{"title":"x",}""", "invalid-json", null)]
    [InlineData("""[]""", "invalid-field", null)]
    [InlineData("""null""", "invalid-json", null)]
    [InlineData("""{"title":"x","repository":"/repos/elsewhere.git"}""", "invalid-field", "repository")]
    [InlineData("""{"title":"x","repository":"/repos/acme/../umbra.git"}""", "invalid-field", "repository")]
    public async Task What_is_not_as_expected_is_refused_by_its_field(string body, string type, string? field) =>
        (await _server.Acme.TellAsync("/api/v1/jobs", body)).ShouldBeProblem(HttpStatusCode.BadRequest, type, field);

    [Fact]
    public async Task Bodies_of_another_kind_and_too_large_ones_are_refused()
    {
        (await _server.Acme.TellAsync("/api/v1/jobs", new StringContent("title=x"))).ShouldBeProblem(HttpStatusCode.UnsupportedMediaType, "unsupported-media", "Content-Type");
        (await _server.Acme.TellAsync("/api/v1/jobs", new string('x', 1_100_000), ("Expect", "100-continue"))).ShouldBeProblem(HttpStatusCode.RequestEntityTooLarge, "too-large");
        (await _server.Acme.TellAsync("/api/v1/jobs", Api.Job(more: new { baseBranch = "gone" }))).ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "unprocessable", "baseBranch");
        (await _server.Acme.TellAsync("/api/v1/jobs", Api.Job(), ("Idempotency-Key", "a b"))).ShouldBeProblem(HttpStatusCode.BadRequest, "invalid-field", "Idempotency-Key");
    }

    [Theory]
    [InlineData("acme/shop", true)]
    [InlineData("umbra/shop", false)]
    [InlineData("acme/../umbra", false)]
    [InlineData("../umbra", false)]
    [InlineData("repos/acme", false)]
    public async Task A_short_form_is_one_of_the_tenants_where_its_address_is(string repository, bool allowed)
    {
        var answer = await _server.Acme.TellAsync("/api/v1/jobs", new { title = "Greet", repository });

        if (!allowed)
        {
            answer.ShouldBeProblem(HttpStatusCode.BadRequest, "invalid-field", "repository");
            return;
        }

        answer.Status.ShouldBe(HttpStatusCode.Created);
        (await _server.UntilAsync((string)answer.Body!["id"]!, _ => true)).Submission.Repository.ShouldBe($"https://github.com/{repository}");
    }

    [Fact]
    public async Task A_tenant_that_has_used_up_its_quota_hears_when_to_come_again()
    {
        (await _server.Admin.SendAsync(HttpMethod.Put, "/api/v1/tenants/acme", new { name = "Acme", repositories = new[] { "file:///repos/acme*" }, maxConcurrentJobs = 1 }))
            .Status.ShouldBe(HttpStatusCode.OK);
        await _server.Acme.SubmitAsync("hold:CODING");

        using var response = await _server.Acme.ResponseAsync(HttpMethod.Post, "/api/v1/jobs", Api.Job());

        response.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        response.Headers.RetryAfter!.Delta!.Value.ShouldBeGreaterThan(TimeSpan.Zero);
        (await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain("quota-exceeded");
        await _server.Umbra.SubmitAsync(tenant: "umbra");
    }
}
