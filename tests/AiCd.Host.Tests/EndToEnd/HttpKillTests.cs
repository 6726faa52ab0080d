using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using System.Text.Json.Nodes;

namespace AiCd.Host.Tests.EndToEnd;

/// <summary>A server that is killed while clients submit, steer and listen.</summary>
public sealed class HttpKillTests
{
    private const int Clients = 4;
    private const int Load = 16;

    private readonly ConcurrentDictionary<string, string> _submitted = new();
    private readonly ConcurrentDictionary<string, int> _steered = new();
    private readonly ConcurrentBag<string> _tried = [];
    private readonly List<(string Job, int Seq)> _heard = [];
    private readonly HashSet<string> _ended = [];
    private readonly TaskCompletionSource _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _underLoad = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private string? _place;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_was_acknowledged_outlives_the_kill_and_the_stream_goes_on_without_gap_or_double()
    {
        using var bench = await Workbench.CreateAsync();
        var setup = Setup.Of("Web:RequestsPerSecond", "100000").With("Agents:Mock:Delay", "00:00:00");
        await using (var first = await RunningServer.StartAsync(bench.Data, setup))
        {
            await first.ReadyAsync();
            using var client = ClientOf(first);
            var listening = ListenAsync(client, until: () => false);
            await _listening.Task.WaitAsync(Aicd.Patience, Cancelled);
            var load = Enumerable.Range(0, Clients).Select(number => LoadAsync(client, bench.Repository.Location, number)).ToList();
            await Task.WhenAny(_underLoad.Task, Task.WhenAll(load));
            await first.Process.KillAsync(Cancelled);
            await Task.WhenAll([listening, .. load]);
        }

        _submitted.Count.ShouldBeGreaterThanOrEqualTo(Load);
        await using var second = await RunningServer.StartAsync(bench.Data, setup);
        await second.ReadyAsync();
        using var again = ClientOf(second);
        var jobs = new HashSet<string>();
        foreach (var key in _tried)
        {
            var (status, job) = await SubmitAsync(again, bench.Repository.Location, key);
            if (_submitted.TryGetValue(key, out var known))
            {
                (status, job).ShouldBe((HttpStatusCode.OK, known));
            }

            jobs.Add(job).ShouldBeTrue($"{key} made the job of another key");
        }

        foreach (var (job, priority) in _steered)
        {
            ((int)(await JobAsync(again, job))["priority"]!).ShouldBe(priority);
        }

        await ListenAsync(again, until: () => _ended.IsSupersetOf(jobs));

        _heard.ShouldBeUnique();
        _heard.Select(heard => heard.Job).Distinct().ShouldBe(jobs, ignoreOrder: true);
        foreach (var told in _heard.GroupBy(heard => heard.Job))
        {
            told.Select(heard => heard.Seq).ShouldBe(Enumerable.Range(1, (int)(await JobAsync(again, told.Key))["seq"]!), $"job {told.Key}");
        }
    }

    private static HttpClient ClientOf(RunningServer server)
    {
        var client = new HttpClient { BaseAddress = server.Url };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", server.Client.Variables["AICD_API_KEY"]);
        return client;
    }

    /// <summary>Submits and steers until the server is gone.</summary>
    private async Task LoadAsync(HttpClient client, string repository, int number)
    {
        try
        {
            for (var round = 1; ; round++)
            {
                var key = FormattableString.Invariant($"client-{number}-{round}");
                _tried.Add(key);
                var (_, job) = await SubmitAsync(client, repository, key);
                _submitted[key] = job;
                using var answer = await client.PostAsJsonAsync($"/api/v1/jobs/{job}/priority", new { priority = round }, Cancelled);
                if (answer.IsSuccessStatusCode)
                {
                    _steered[job] = round;
                }

                if (_submitted.Count >= Load)
                {
                    _underLoad.TrySetResult();
                }
            }
        }
        catch (HttpRequestException)
        {
            // The server was killed.
        }
    }

    private static async Task<(HttpStatusCode Status, string Job)> SubmitAsync(HttpClient client, string repository, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/jobs")
        {
            Content = JsonContent.Create(new { title = $"Load {key}", body = "As the title says", repository }),
            Headers = { { "Idempotency-Key", key } },
        };
        using var answer = await client.SendAsync(request, Cancelled);
        answer.IsSuccessStatusCode.ShouldBeTrue(await answer.Content.ReadAsStringAsync(Cancelled));
        return (answer.StatusCode, (string)(await answer.Content.ReadFromJsonAsync<JsonObject>(Cancelled))!["id"]!);
    }

    private static async Task<JsonObject> JobAsync(HttpClient client, string job) => (await client.GetFromJsonAsync<JsonObject>($"/api/v1/jobs/{job}", Cancelled))!;

    /// <summary>Goes on after the last event that was heard, until the server is gone or enough was heard.</summary>
    private async Task ListenAsync(HttpClient client, Func<bool> until)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/stream");
            if (_place is not null)
            {
                request.Headers.Add("Last-Event-ID", _place);
            }

            using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancelled);
            answer.EnsureSuccessStatusCode();
            await using var body = await answer.Content.ReadAsStreamAsync(Cancelled);
            var events = SseParser.Create(body).EnumerateAsync(Cancelled).GetAsyncEnumerator(Cancelled);
            while (!until() && await events.MoveNextAsync().AsTask().WaitAsync(Aicd.Patience, Cancelled))
            {
                Hear(events.Current);
            }
        }
        catch (IOException)
        {
            // The server was killed.
        }
    }

    private void Hear(SseItem<string> heard)
    {
        _place = heard.EventId ?? _place;
        _listening.TrySetResult();
        if (heard.EventType != "event")
        {
            return;
        }

        var said = JsonNode.Parse(heard.Data)!;
        var job = (string)said["jobId"]!;
        _heard.Add((job, (int)said["seq"]!));
        if ((string)said["event"]! == "MARK_COMPLETED")
        {
            _ended.Add(job);
        }
    }
}
