using System.Net;
using AiCd.Actors.Jobs;
using AiCd.Web.Tests.Support;

namespace AiCd.Web.Tests.Jobs;

public sealed class ListTests : IAsyncLifetime
{
    private WebServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await WebServer.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Pages_have_every_job_once_while_others_arrive()
    {
        var ids = new List<string>();
        for (var i = 0; i < 23; i++)
        {
            ids.Add(await _server.Acme.SubmitAsync($"hold:PLANNING {i}"));
        }

        var seen = new List<string>();
        for (var path = "/api/v1/jobs?limit=5"; ;)
        {
            var (status, page) = await _server.Acme.AskAsync(path);
            status.ShouldBe(HttpStatusCode.OK);
            seen.AddRange(page!["items"]!.AsArray().Select(item => (string)item!["id"]!));
            if (page["next"] is null)
            {
                break;
            }

            path = $"/api/v1/jobs?limit=5&cursor={page["next"]}";
            await _server.Acme.SubmitAsync("Later");
        }

        seen.ShouldBe(ids.OrderDescending(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Jobs_are_filtered_by_what_is_asked_for()
    {
        var (red, blue) = (await _server.Acme.SubmitAsync("Red parser hold:CODING", more: new { labels = new[] { "ui" } }), await _server.Acme.SubmitAsync("Blue parser"));
        await _server.UntilAsync(blue, JobState.Completed);
        await _server.UntilAsync(red, JobState.Coding);

        (await IdsAsync("state=CODING")).ShouldBe([red]);
        (await IdsAsync("state=CODING,COMPLETED")).ShouldBe([blue, red]);
        (await IdsAsync("state=CODING&state=COMPLETED&sort=submittedAt")).ShouldBe([red, blue]);
        (await IdsAsync("text=parser%20red")).ShouldBe([red]);
        (await IdsAsync("label=ui")).ShouldBe([red]);
        (await IdsAsync("sort=-endedAt")).ShouldBe([blue]);
        (await IdsAsync("repository=file:///repos/acme.git&text=blue")).ShouldBe([blue]);
        (await IdsAsync("from=2001-01-01T00:00:00Z&to=2002-01-01T00:00:00Z")).ShouldBeEmpty();
        (await IdsAsync("waiting=approval")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Jobs_are_listed_by_priority_and_by_when_they_last_moved_page_by_page()
    {
        var low = await _server.Acme.SubmitAsync("Low hold:CODING", more: new { priority = -5 });
        await _server.UntilAsync(low, JobState.Coding);
        var high = await _server.Acme.SubmitAsync("High hold:CODING", more: new { priority = 9 });
        await _server.UntilAsync(high, JobState.Coding);
        var middle = await _server.Acme.SubmitAsync("Middle");
        await _server.UntilAsync(middle, JobState.Completed);

        (await PagesAsync("-priority")).ShouldBe([high, middle, low]);
        (await PagesAsync("priority")).ShouldBe([low, middle, high]);
        (await PagesAsync("-updatedAt")).ShouldBe([middle, high, low]);
        (await PagesAsync("updatedAt")).ShouldBe([low, high, middle]);
        (await PagesAsync("-priority&text=low")).ShouldBe([low]);
    }

    private async Task<List<string>> PagesAsync(string sort)
    {
        var seen = new List<string>();
        for (var cursor = ""; ;)
        {
            var (status, page) = await _server.Acme.AskAsync($"/api/v1/jobs?limit=1&sort={sort}{cursor}");
            status.ShouldBe(HttpStatusCode.OK, page?.ToJsonString());
            seen.AddRange(page!["items"]!.AsArray().Select(job => (string)job!["id"]!));
            if (page["next"] is null)
            {
                return seen;
            }

            cursor = $"&cursor={page["next"]}";
        }
    }

    [Theory]
    [InlineData("limit=0", "invalid-field", "limit")]
    [InlineData("limit=many", "invalid-field", "limit")]
    [InlineData("state=coding", "invalid-field", "state")]
    [InlineData("sort=title", "invalid-field", "sort")]
    [InlineData("waiting=godot", "invalid-field", "waiting")]
    [InlineData("text=%20", "invalid-field", "text")]
    [InlineData("from=yesterday", "invalid-field", "from")]
    [InlineData("cursor=abc", "invalid-cursor", "cursor")]
    public async Task What_cannot_be_asked_for_is_refused_by_its_name(string query, string type, string field) =>
        (await _server.Acme.AskAsync("/api/v1/jobs?" + query)).ShouldBeProblem(HttpStatusCode.BadRequest, type, field);

    [Fact]
    public async Task A_cursor_is_good_for_its_own_list_only()
    {
        await _server.Acme.SubmitAsync();
        await _server.Acme.SubmitAsync();
        var (_, page) = await _server.Acme.AskAsync("/api/v1/jobs?limit=1");

        (await _server.Acme.AskAsync($"/api/v1/jobs?limit=1&sort=submittedAt&cursor={page!["next"]}")).ShouldBeProblem(HttpStatusCode.BadRequest, "invalid-cursor", "cursor");
    }

    private async Task<string[]> IdsAsync(string query)
    {
        var (status, page) = await _server.Acme.AskAsync("/api/v1/jobs?" + query);
        status.ShouldBe(HttpStatusCode.OK, page?.ToJsonString());
        return [.. page!["items"]!.AsArray().Select(item => (string)item!["id"]!)];
    }
}
