using System.Net.Sockets;
using System.Text;
using AiCd.Web.Tests.Support;

namespace AiCd.Web.Tests.Hostile;

/// <summary>Whatever is sent, the server says what is wrong with it and stays as it is. A failure prints the seed that plays it again.</summary>
public sealed class FuzzTests : IAsyncLifetime
{
    private const string SeedVariable = "AICD_FUZZ_SEED";
    private const int Requests = 1_500;

    private static readonly string[] Pieces =
    [
        "{", "}", "[", "]", "\"title\":", "\"repository\":", "\"x\"", "\"\\u0000\"", "\"\\ud800\"", "1e999", "-0", "99999999999999999999999", "null", "true", ",", ":", "\"/repos/acme.git\"",
        "\"priority\":", "\"labels\":", "\"deadline\":", "\"2030-01-01T00:00:00Z\"", "\u0001", "\uFEFF", "//", "'", "NaN",
    ];

    private static readonly string[] Paths =
    [
        "/api/v1/jobs", "/api/v1/jobs/bulk", "/api/v1/jobs/0123456789abcdef/cancel", "/api/v1/jobs/%00/fork", "/api/v1/jobs/0123456789abcdef/feedback", "/api/v1/tenants", "/api/v1/keys",
        "/api/v1/pools/CODING", "/webhooks/github", "/api/v1/nothing", "/", "/sign-in/x", "/api/v1/jobs/a/b/c/d",
    ];

    private WebServer _server = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _server = await WebServer.StartAsync(settings: new Dictionary<string, string?>
    {
        ["AiCd:Web:RequestsPerSecond"] = "1000000",
        ["AiCd:Web:RequestBurst"] = "1000000",
        ["AiCd:GitHub:WebhookSecret"] = "secret",
    });

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Random_bodies_paths_and_headers_are_refused_and_nothing_fails()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable(SeedVariable), out var given) ? given : Random.Shared.Next();
        TestContext.Current.TestOutputHelper!.WriteLine($"{SeedVariable}={seed}");
        var random = new Random(seed);
        for (var i = 0; i < Requests; i++)
        {
            using var request = new HttpRequestMessage(
                new HttpMethod(Pick(random, ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "BREW"])), Pick(random, Paths) + Query(random));
            if (request.Method != HttpMethod.Get)
            {
                request.Content = new ByteArrayContent(Body(random));
                request.Content.Headers.TryAddWithoutValidation("Content-Type", Pick(random, ["application/json", "application/json; charset=utf-16", "text/plain", "multipart/form-data", "x", "application/xml"]));
            }

            request.Headers.TryAddWithoutValidation(Pick(random, ["If-Match", "Idempotency-Key", "Last-Event-ID", "Range", "X-GitHub-Event", "Cookie"]), Pick(random, ["\"1\"", "*", "x", "bytes=9-1", "aicd_session=AAAA", new string('y', 300)]));
            using var response = await _server.Admin.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Token);
            ((int)response.StatusCode).ShouldBeLessThan(500, $"{SeedVariable}={seed}, request {i}: {request.Method} {request.RequestUri}: {await response.Content.ReadAsStringAsync(Token)}");
        }

        _server.Log.Errors.ShouldBeEmpty($"{SeedVariable}={seed}");
        (await _server.Acme.AskAsync("/api/v1/jobs")).Status.ShouldBe(System.Net.HttpStatusCode.OK);
    }

    [Fact]
    public async Task Json_nested_without_end_and_bodies_without_end_are_refused_in_bounded_memory()
    {
        var nested = new string('[', 500_000);
        (await _server.Acme.TellAsync("/api/v1/jobs", "{\"title\":" + nested)).ShouldBeProblem(System.Net.HttpStatusCode.BadRequest, "invalid-field", "title");
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var i = 0; i < 50; i++)
        {
            (await _server.Acme.TellAsync("/api/v1/jobs", new string('x', 2_000_000), ("Expect", "100-continue"))).Status.ShouldBe(System.Net.HttpStatusCode.RequestEntityTooLarge);
        }

        (GC.GetTotalMemory(forceFullCollection: true) - before).ShouldBeLessThan(64_000_000);
    }

    [Theory]
    [InlineData("GET /api/v1/jobs HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n", 10_000)]
    [InlineData("GET / HTTP/1.1\r\n{headers}\r\n", 10_000)]
    [InlineData("NONSENSE\r\n\r\n", 0)]
    [InlineData("GET /\u0000 HTTP/1.1\r\nHost: x\r\n\r\n", 0)]
    [InlineData("POST /api/v1/jobs HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello", 0)]
    [InlineData("POST /api/v1/jobs HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n", 0)]
    [InlineData("GET /api/v1/jobs HTTP/9.9\r\nHost: localhost\r\n\r\n", 0)]
    public async Task What_is_no_http_as_it_should_be_is_refused(string request, int headers)
    {
        var all = string.Concat(Enumerable.Range(0, headers).Select(i => $"X-{i}: y\r\n"));

        var answer = await RawAsync(request.Replace("{headers}", all, StringComparison.Ordinal));

        (answer.Length == 0 || answer.StartsWith("HTTP/1.1 4", StringComparison.Ordinal) || answer.StartsWith("HTTP/1.1 505", StringComparison.Ordinal)).ShouldBeTrue(answer);
    }

    [Fact]
    public async Task Bodies_that_come_too_slowly_are_cut_off_and_what_they_say_of_their_length_costs_no_memory()
    {
        const int Senders = 100;
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var senders = Enumerable.Range(0, Senders).Select(i => DripAsync(i % 2 == 0
            ? "POST /api/v1/jobs HTTP/1.1\r\nHost: localhost\r\nAuthorization: " + _server.Acme.DefaultRequestHeaders.Authorization + "\r\nContent-Type: application/json\r\nContent-Length: 1000000\r\n\r\n{"
            : "POST /webhooks/github HTTP/1.1\r\nHost: localhost\r\nContent-Length: 25000000\r\n\r\n{")).ToList();
        (await _server.Acme.AskAsync("/api/v1/jobs")).Status.ShouldBe(System.Net.HttpStatusCode.OK, "others are served meanwhile");

        var first = await Task.WhenAny(senders);
        (GC.GetTotalMemory(forceFullCollection: true) - before).ShouldBeLessThan(64_000_000);
        (await first).ShouldStartWith("HTTP/1.1 408");
        (await Task.WhenAll(senders)).ShouldAllBe(answer => answer.Length == 0 || answer.StartsWith("HTTP/1.1 408", StringComparison.Ordinal));
        _server.Log.Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task Ten_thousand_headers_on_every_one_of_many_connections_cost_no_memory()
    {
        var headers = string.Concat(Enumerable.Range(0, 10_000).Select(i => $"X-{i}: y\r\n"));
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var i = 0; i < 50; i++)
        {
            var answer = await RawAsync($"GET /api/v1/jobs HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n");
            (answer.Length == 0 || answer.StartsWith("HTTP/1.1 431", StringComparison.Ordinal)).ShouldBeTrue(answer);
        }

        (GC.GetTotalMemory(forceFullCollection: true) - before).ShouldBeLessThan(64_000_000);
        (await _server.Acme.AskAsync("/api/v1/jobs")).Status.ShouldBe(System.Net.HttpStatusCode.OK);
    }

    /// <summary>Sends the beginning and nothing more, until the server has had enough.</summary>
    private async Task<string> DripAsync(string beginning)
    {
        var address = new Uri(_server.Url);
        using var client = new TcpClient();
        await client.ConnectAsync(address.Host, address.Port, Token);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(beginning), Token);
        try
        {
            using var reader = new StreamReader(stream);
            return await reader.ReadToEndAsync(Token);
        }
        catch (IOException)
        {
            // The connection was reset after the answer, or instead of it.
            return "";
        }
    }

    private async Task<string> RawAsync(string request)
    {
        var address = new Uri(_server.Url);
        using var client = new TcpClient();
        await client.ConnectAsync(address.Host, address.Port, Token);
        await using var stream = client.GetStream();
        try
        {
            await stream.WriteAsync(Encoding.Latin1.GetBytes(request), Token);
            client.Client.Shutdown(SocketShutdown.Send);
            using var reader = new StreamReader(stream);
            return await reader.ReadToEndAsync(Token);
        }
        catch (IOException)
        {
            // The server has closed the connection before it had read all of it.
            return "";
        }
    }

    private static byte[] Body(Random random)
    {
        if (random.Next(3) == 0)
        {
            var bytes = new byte[random.Next(2_000)];
            random.NextBytes(bytes);
            return bytes;
        }

        var text = new StringBuilder();
        for (var i = random.Next(30); i >= 0; i--)
        {
            text.Append(Pick(random, Pieces));
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static string Query(Random random) => random.Next(2) == 0 ? "" : "?" + Pick(random, ["state", "cursor", "limit", "from", "sort", "at", "%00"]) + "=" + Pick(random, ["%FF%FE", "1e9", "-1", "x", "%F0%9F%9A%80", "'; drop table jobs; --", new string('z', 500)]);

    private static string Pick(Random random, string[] choices) => choices[random.Next(choices.Length)];
}
