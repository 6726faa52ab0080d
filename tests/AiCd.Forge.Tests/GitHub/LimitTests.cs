using System.Net;
using AiCd.Actors.Journal.InMemory;
using AiCd.Forge.GitHub;
using AiCd.Forge.GitHub.Api;
using AiCd.Forge.GitHub.Auth;
using AiCd.Forge.GitHub.Http;
using AiCd.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace AiCd.Forge.Tests.GitHub;

/// <summary>Limits in virtual time: two nodes on one store, and a GitHub that answers at once.</summary>
public sealed class LimitTests : IAsyncDisposable
{
    private static readonly RepositoryName Name = new("acme", "app");
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(500);

    private readonly ManualTimeProvider _clock = new();
    private readonly InMemoryStore _store;
    private readonly Server _server;

    public LimitTests()
    {
        _store = new InMemoryStore(time: _clock, shared: true);
        _server = new Server(_clock);
    }

    public ValueTask DisposeAsync()
    {
        _server.Dispose();
        return _store.DisposeAsync();
    }

    [Fact]
    public void A_thousand_jobs_on_two_nodes_stay_within_the_limits_and_never_ask_early()
    {
        var nodes = new[] { Node(new GitHubOptions()), Node(new GitHubOptions()) };
        _server.Refuse(afterRequests: 40, HttpStatusCode.Forbidden, retryAfter: 30);
        _server.Refuse(afterRequests: 300, HttpStatusCode.TooManyRequests, retryAfter: 90);

        Run([.. Enumerable.Range(0, 1000).Select(job => (Func<Task>)(() => CommentAsync(nodes[job % 2], job)))]);

        _server.Early.ShouldBeEmpty();
        _server.Made.Count.ShouldBe(1000);
        MostWithin(TimeSpan.FromMinutes(1)).ShouldBeLessThanOrEqualTo(80);
        MostWithin(TimeSpan.FromHours(1)).ShouldBeLessThanOrEqualTo(500);
        _server.Made.Zip(_server.Made.Skip(1), (one, next) => next - one).ShouldAllBe(gap => gap >= TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void Without_an_hourly_limit_content_is_made_as_fast_as_the_spacing_allows()
    {
        var options = new GitHubOptions { ContentPerHour = 0 };
        var nodes = new[] { Node(options), Node(options) };
        var started = _clock.GetUtcNow();

        Run([.. Enumerable.Range(0, 100).Select(job => (Func<Task>)(() => CommentAsync(nodes[job % 2], job)))]);

        (_clock.GetUtcNow() - started).ShouldBeInRange(TimeSpan.FromSeconds(99), TimeSpan.FromSeconds(105));
        MostWithin(TimeSpan.FromMinutes(1)).ShouldBeLessThanOrEqualTo(80);
    }

    [Theory]
    [InlineData(HttpStatusCode.Forbidden)]
    [InlineData(HttpStatusCode.TooManyRequests)]
    public void What_one_node_is_told_the_other_obeys_for_reads_too(HttpStatusCode status)
    {
        var (first, second) = (Node(new GitHubOptions()), Node(new GitHubOptions()));
        _server.Refuse(afterRequests: 0, status, retryAfter: 30);

        Run(() => FailAsync(() => ReadAsync(first)));
        var told = _server.Requests;
        Run(() => FailAsync(() => ReadAsync(second)), () => FailAsync(() => ReadAsync(first)));
        _server.Requests.ShouldBe(told);
        _clock.Advance(TimeSpan.FromSeconds(29.5));
        Run(() => FailAsync(() => ReadAsync(second)));
        _server.Requests.ShouldBe(told);
        _clock.Advance(TimeSpan.FromSeconds(0.5));
        Run(() => ReadAsync(second), () => ReadAsync(first));

        _server.Requests.ShouldBe(told + 2);
        _server.Early.ShouldBeEmpty();
    }

    [Fact]
    public void A_primary_limit_that_is_used_up_is_waited_for_even_without_a_refusal()
    {
        var node = Node(new GitHubOptions());
        _server.Remaining = 0;
        _server.ResetsAt = _clock.GetUtcNow().AddMinutes(10);

        Run(() => ReadAsync(node));
        Run(() => FailAsync(() => ReadAsync(node)));
        _clock.Advance(TimeSpan.FromMinutes(10));
        Run(() => FailAsync(() => ReadAsync(node)));
        _server.Remaining = 5000;
        _clock.Advance(TimeSpan.FromSeconds(1));
        Run(() => ReadAsync(node));

        _server.Requests.ShouldBe(2);
    }

    [Fact]
    public void A_secondary_limit_without_a_time_is_waited_for_longer_each_time()
    {
        var node = Node(new GitHubOptions());
        _server.Refuse(afterRequests: 0, HttpStatusCode.Forbidden, retryAfter: null, times: 3);
        var waits = new List<TimeSpan>();

        for (var i = 0; i < 3; i++)
        {
            Run(() => FailAsync(() => ReadAsync(node), limited => waits.Add(limited.Wait)));
            _clock.Advance(waits[^1]);
        }

        Run(() => ReadAsync(node));
        waits.ShouldBe([TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(4)]);
    }

    private (IssueApi Issues, IGitHubAccess Access) Node(GitHubOptions options)
    {
        options.ApiUrl = "https://api.github.com";
        options.Token = "ghp_1";
        var http = new GitHubHttp(
            new HttpClient(_server), new GitHubHost(options), new Pacer(() => _store.Pacing, options, _clock), new ResponseCache(), options, _clock, NullLogger<GitHubHttp>.Instance);
        return (new IssueApi(new ApiCalls(http)), new TokenAccess(options));
    }

    /// <summary>As a job does it: what would come too late is waited for outside, and then asked for anew.</summary>
    private async Task CommentAsync((IssueApi Issues, IGitHubAccess Access) node, int job)
    {
        while (true)
        {
            try
            {
                await node.Issues.CommentAsync(node.Access, Name, job + 1, "Hello", CancellationToken.None);
                return;
            }
            catch (GitHubLimitedException limited)
            {
                await Task.Delay(limited.Wait, _clock);
            }
        }
    }

    private static Task<IssueBody?> ReadAsync((IssueApi Issues, IGitHubAccess Access) node) => node.Issues.FindAsync(node.Access, Name, 1, CancellationToken.None);

    private static async Task FailAsync(Func<Task> act, Action<GitHubLimitedException>? look = null)
    {
        try
        {
            await act();
        }
        catch (GitHubLimitedException limited)
        {
            look?.Invoke(limited);
            return;
        }

        throw new InvalidOperationException("The limit was not obeyed");
    }

    private void Run(params IReadOnlyList<Func<Task>> work) => SingleThread.Run(() => Task.WhenAll(work.Select(begin => begin()).ToList()), () => _clock.Advance(Step));

    private int MostWithin(TimeSpan span) => _server.Made.Select(from => _server.Made.Count(at => at >= from && at < from + span)).Max();

    /// <summary>A GitHub that answers before its caller goes on, and notes when it was asked.</summary>
    private sealed class Server(ManualTimeProvider clock) : HttpMessageHandler
    {
        private readonly Queue<(int After, HttpStatusCode Status, int? RetryAfter)> _refusals = new();
        private DateTimeOffset _limitedAt;
        private DateTimeOffset _limitedUntil;

        public int Requests { get; private set; }

        public int Remaining { get; set; } = 5000;

        public DateTimeOffset ResetsAt { get; set; }

        public List<DateTimeOffset> Made { get; } = [];

        public List<DateTimeOffset> Early { get; } = [];

        public void Refuse(int afterRequests, HttpStatusCode status, int? retryAfter, int times = 1)
        {
            for (var i = 0; i < times; i++)
            {
                _refusals.Enqueue((afterRequests, status, retryAfter));
            }
        }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => Task.FromResult(Answer(request));

        private HttpResponseMessage Answer(HttpRequestMessage request)
        {
            var now = clock.GetUtcNow();
            Requests++;
            if (now > _limitedAt && now < _limitedUntil)
            {
                Early.Add(now);
            }

            if (_refusals.TryPeek(out var refusal) && Requests > refusal.After)
            {
                _refusals.Dequeue();
                var refused = Json(refusal.Status, """{"message":"You have exceeded a secondary rate limit."}""");
                if (refusal.RetryAfter is { } seconds)
                {
                    (_limitedAt, _limitedUntil) = (now, now.AddSeconds(seconds));
                    refused.Headers.Add("Retry-After", seconds.ToString(System.Globalization.CultureInfo.InvariantCulture));
                }

                return refused;
            }

            if (request.Method == HttpMethod.Post)
            {
                Made.Add(now);
            }

            var answer = Json(request.Method == HttpMethod.Post ? HttpStatusCode.Created : HttpStatusCode.OK, """{"id":1,"number":1}""");
            answer.Headers.Add("x-ratelimit-remaining", Remaining.ToString(System.Globalization.CultureInfo.InvariantCulture));
            answer.Headers.Add("x-ratelimit-reset", ResetsAt.ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture));
            return answer;
        }

        private static HttpResponseMessage Json(HttpStatusCode status, string body) => new(status) { Content = new StringContent(body) };
    }
}
