using System.Net;
using AiCd.Actors.Jobs;
using AiCd.Actors.Journal.Postgres;
using AiCd.Testing;
using AiCd.Web.Access;
using AiCd.Web.Streams;
using AiCd.Web.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace AiCd.Web.Tests.Streams;

public sealed class StreamTests : IAsyncLifetime
{
    private WebServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await WebServer.StartAsync(settings: new Dictionary<string, string?> { ["AiCd:Web:Heartbeat"] = "00:00:00.2" });

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task A_jobs_stream_tells_all_of_it_and_ends_with_the_job()
    {
        var id = await _server.Acme.SubmitAsync("hold:CODING");
        await _server.UntilAsync(id, JobState.Coding);
        using var stream = await SseReader.OpenAsync(_server.Acme, $"/api/v1/jobs/{id}/stream");
        (await stream.NextAsync("event")).Id.ShouldBe("1");
        _server.Work.LetGo(JobId.Parse(id), Stage.Coding);

        var (ids, states) = (new List<string> { "1" }, new List<string>());
        SseEvent? last = null;
        while (await stream.ReadAsync() is { } e)
        {
            last = e;
            if (e.Name == "event")
            {
                ids.Add(e.Id!);
                states.Add((string)e.Data["state"]!);
            }
        }

        last!.Name.ShouldBe("end");
        ids.ShouldBe(Enumerable.Range(1, ids.Count).Select(seq => seq.ToString(System.Globalization.CultureInfo.InvariantCulture)));
        states[^1].ShouldBe("COMPLETED");
        using var nothing = await _server.Acme.ResponseAsync(HttpMethod.Get, $"/api/v1/jobs/{id}/stream", null, ("Last-Event-ID", ids[^1]));
        nothing.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await _server.Acme.AskAsync($"/api/v1/jobs/{id}/stream", ("Last-Event-ID", "999"))).ShouldBeProblem(HttpStatusCode.BadRequest, "invalid-cursor", "Last-Event-ID");
    }

    [Fact]
    public async Task A_stream_goes_on_where_it_broke_off()
    {
        var id = await _server.Acme.SubmitAsync("Broken off");
        await _server.UntilAsync(id, JobState.Completed);

        using var stream = await SseReader.OpenAsync(_server.Acme, $"/api/v1/jobs/{id}/stream", "4");

        (await stream.NextAsync("event")).Id.ShouldBe("5");
    }

    [Fact]
    public async Task What_the_running_attempt_says_flows_too_and_silence_is_broken_by_signs_of_life()
    {
        var id = await _server.Acme.SubmitAsync("talk hold:PLANNING");
        using var stream = await SseReader.OpenAsync(_server.Acme, $"/api/v1/jobs/{id}/stream");
        (await stream.NextAsync("event")).Id.ShouldBe("1");
        await _server.UntilAsync(id, JobState.Planning);
        (await stream.NextAsync("event")).Id.ShouldBe("2");
        await stream.SignOfLifeAsync();
        _server.Work.LetGo(JobId.Parse(id), Stage.Planning);

        var progress = await stream.NextAsync("progress");
        ((string)progress.Data["text"]!).ShouldBe("PLANNING is under way");
        progress.Id.ShouldBeNull();
        ((string)(await stream.NextAsync("transcript")).Data["text"]!).ShouldBe("I do PLANNING");
    }

    [Fact]
    public async Task The_common_stream_resumes_without_gap_or_double_while_jobs_arrive()
    {
        using var first = await SseReader.OpenAsync(_server.Acme, "/api/v1/stream");
        var place = (await first.NextAsync("hello")).Id;
        var seen = new List<(string Job, int Seq)>();
        var submitting = Task.Run(async () =>
        {
            var ids = new List<string>();
            for (var i = 0; i < 40; i++)
            {
                ids.Add(await _server.Acme.SubmitAsync($"Stream {i}"));
            }

            return ids;
        });

        SseReader reader = first;
        HashSet<string>? wanted = null;
        var ended = new HashSet<string>();
        for (var read = 1; wanted is null || !ended.IsSupersetOf(wanted); read++)
        {
            if (submitting.IsCompletedSuccessfully)
            {
                wanted ??= [.. await submitting];
                if (ended.IsSupersetOf(wanted))
                {
                    break;
                }
            }

            var e = await reader.NextAsync("event");
            place = e.Id;
            seen.Add(((string)e.Data["jobId"]!, (int)e.Data["seq"]!));
            if ((string)e.Data["event"]! == "MARK_COMPLETED")
            {
                ended.Add((string)e.Data["jobId"]!);
            }

            if (read % 17 == 0)
            {
                reader.Dispose();
                reader = await SseReader.OpenAsync(_server.Acme, "/api/v1/stream", place);
            }
        }

        reader.Dispose();
        seen.ShouldBeUnique();
        foreach (var job in seen.GroupBy(e => e.Job))
        {
            job.Select(e => e.Seq).ShouldBe(Enumerable.Range(1, job.Count()), $"job {job.Key}");
        }

        (await _server.Acme.AskAsync("/api/v1/stream", ("Last-Event-ID", "forged"))).ShouldBeProblem(HttpStatusCode.BadRequest, "invalid-cursor", "Last-Event-ID");
    }

    [Fact]
    public async Task A_stream_ends_when_its_key_is_revoked()
    {
        var key = await _server.KeyAsync("acme", Scopes.Read);
        using var client = _server.Client(key);
        using var stream = await SseReader.OpenAsync(client, "/api/v1/stream");
        await stream.NextAsync("hello");

        await _server.WebStore.RevokeKeyAsync(key.Split('_')[1], DateTimeOffset.UnixEpoch, TestContext.Current.CancellationToken);

        (await stream.ReadAsync()).ShouldBeNull();
    }

    [Fact]
    public async Task A_reader_that_falls_behind_is_cut_off_and_costs_no_more_than_its_backlog()
    {
        const int Backlog = 10;
        await using var server = await WebServer.StartAsync(settings: new Dictionary<string, string?> { ["AiCd:Web:StreamBacklog"] = "10" });
        var tail = server.Services.GetRequiredService<JournalTail>();
        using var slow = await tail.SubscribeAsync("acme", null, TestContext.Current.CancellationToken);
        var first = await server.Acme.SubmitAsync("Many 1");
        await server.Acme.SubmitAsync("Many 2");

        await Eventually.HoldsAsync(() => tail.Readers.Count == 0, TestContext.Current.CancellationToken);

        slow.Messages.Count.ShouldBe(Backlog);
        await server.UntilAsync(first, JobState.Completed);
        using var other = await SseReader.OpenAsync(server.Acme, "/api/v1/stream");
        await other.NextAsync("hello");
    }

    [Fact]
    public async Task What_an_attempt_says_reaches_readers_at_other_nodes_in_order_and_once_and_those_of_other_tenants_never()
    {
        await using var database = await PostgresServer.CreateDatabaseAsync(TestContext.Current.CancellationToken);
        await using var one = await WebServer.StartAsync(await PostgresStore.OpenAsync(database.ConnectionString, 8, cancellationToken: TestContext.Current.CancellationToken));
        await using var two = await WebServer.StartAsync(await PostgresStore.OpenAsync(database.ConnectionString, 8, cancellationToken: TestContext.Current.CancellationToken));
        var id = await one.Acme.SubmitAsync("chatter");
        var other = await two.Acme.SubmitAsync("chatter");
        using var here = await SseReader.OpenAsync(one.Acme, $"/api/v1/jobs/{id}/stream");
        using var there = await SseReader.OpenAsync(two.Acme, $"/api/v1/jobs/{id}/stream");
        (await two.Umbra.AskAsync($"/api/v1/jobs/{id}/stream")).ShouldBeProblem(HttpStatusCode.NotFound, "not-found");

        await HearsInOrderAsync(here, id, "progress");
        await HearsInOrderAsync(here, id, "transcript");
        await HearsInOrderAsync(there, id, "progress");
        await HearsInOrderAsync(there, id, "transcript");

        foreach (var server in new[] { one, two })
        {
            server.Work.LetGo(JobId.Parse(id), Stage.Planning);
            server.Work.LetGo(JobId.Parse(other), Stage.Planning);
        }

        await there.NextAsync("end");
    }

    private static async Task HearsInOrderAsync(SseReader stream, string job, string name)
    {
        var heard = new List<int>();
        while (heard.Count < 5)
        {
            var note = await stream.NextAsync(name);
            ((string)note.Data["jobId"]!).ShouldBe(job);
            heard.Add(int.Parse((string)note.Data["text"]!, System.Globalization.CultureInfo.InvariantCulture));
        }

        heard.ShouldBe(Enumerable.Range(heard[0], heard.Count));
    }

    [Fact]
    public async Task A_stream_goes_on_at_another_node_with_a_place_that_the_first_one_gave()
    {
        await using var database = await PostgresServer.CreateDatabaseAsync(TestContext.Current.CancellationToken);
        await using var one = await WebServer.StartAsync(await PostgresStore.OpenAsync(database.ConnectionString, 8, cancellationToken: TestContext.Current.CancellationToken));
        await using var two = await WebServer.StartAsync(await PostgresStore.OpenAsync(database.ConnectionString, 8, cancellationToken: TestContext.Current.CancellationToken));
        using var first = await SseReader.OpenAsync(one.Acme, "/api/v1/stream");
        await first.NextAsync("hello");
        var id = await one.Acme.SubmitAsync("Over there");
        var place = await first.NextAsync("event");
        ((int)place.Data["seq"]!).ShouldBe(1);

        using var second = await SseReader.OpenAsync(two.Acme, "/api/v1/stream", place.Id);
        var seen = new List<int>();
        for (SseEvent e; ;)
        {
            e = await second.NextAsync("event");
            ((string)e.Data["jobId"]!).ShouldBe(id);
            seen.Add((int)e.Data["seq"]!);
            if ((string)e.Data["state"]! == "COMPLETED")
            {
                break;
            }
        }

        seen.ShouldBe(Enumerable.Range(2, seen.Count));
    }
}
