using System.Text;
using System.Text.Json;
using AiCd.Host.CommandLine;
using AiCd.Host.Exports;
using AiCd.Host.Tests.EndToEnd;
using AiCd.Testing;

namespace AiCd.Host.Tests.Operating;

public sealed class ExportTests(TwoJobs jobs) : IClassFixture<TwoJobs>
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_export_is_the_same_every_time_and_verifies()
    {
        var first = await ExportAsync(jobs.Completed);
        (await ExportAsync(jobs.Completed)).ShouldBe(first);

        var verified = await Aicd.RunAsync(new Setup(Input: first), "verify", "-");
        verified.ExitCode.ShouldBe(0, verified.Errors);
        verified.Output.ShouldContain($"Sound: job {jobs.Completed}, 13 events, ");
        verified.Output.ShouldContain("replayed to COMPLETED");

        using var told = JsonDocument.Parse((await Aicd.RunAsync(new Setup(Input: first), "verify", "-", "--json")).EnsureSuccess().Output);
        told.RootElement.GetProperty("format").GetString().ShouldBe("aicd.job");
        told.RootElement.GetProperty("state").GetString().ShouldBe("COMPLETED");
        told.RootElement.GetProperty("lines").GetInt32().ShouldBe(first.Split('\n').Length - 1);
        first.ShouldContain($"\"hash\":\"{told.RootElement.GetProperty("hash").GetString()}\"}}\n");
    }

    [Fact]
    public async Task An_export_holds_every_event_as_the_journal_has_it_and_every_artifact_once()
    {
        var lines = (await ExportAsync(jobs.Completed)).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement).ToList();

        lines[0].GetProperty("format").GetString().ShouldBe("aicd.job");
        lines[0].GetProperty("version").GetInt32().ShouldBe(1);
        var events = lines.Where(line => line.GetProperty("type").GetString() == "event").ToList();
        events.Select(e => e.GetProperty("seq").GetInt32()).ShouldBe(Enumerable.Range(1, 13));
        events[0].GetProperty("data").GetProperty("submission").GetProperty("title").GetString().ShouldBe("Say more about app.txt");
        var artifacts = lines.Where(line => line.GetProperty("type").GetString() == "artifact").ToList();
        artifacts.Select(artifact => artifact.GetProperty("sha256").GetString()).ShouldBeUnique();
        artifacts.Select(artifact => artifact.GetProperty("kind").GetString()).ShouldContain("bundle");
        lines[^1].GetProperty("artifacts").GetInt32().ShouldBe(artifacts.Count);
        lines[^1].GetProperty("events").GetInt32().ShouldBe(13);
    }

    [Fact]
    public async Task Events_alone_are_exported_where_nothing_else_is_wanted()
    {
        var lines = await ExportAsync(jobs.Failed, "--no-artifacts");

        lines.ShouldNotContain("\"type\":\"artifact\"");
        var verified = await Aicd.RunAsync(new Setup(Input: lines), "verify", "-");
        verified.ExitCode.ShouldBe(0, verified.Errors);
        verified.Output.ShouldContain("replayed to FAILED");
    }

    [Fact]
    public async Task A_file_is_made_for_its_owner_alone_and_none_is_overwritten()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Combine("job.jsonl");

        var written = await Aicd.RunAsync("export", jobs.Completed, "--data", jobs.Data, "--output", path);
        written.ExitCode.ShouldBe(0, written.Errors);
        written.Output.ShouldBeEmpty();
        written.Errors.ShouldContain($"13 events");
        File.GetUnixFileMode(path).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        (await Aicd.RunAsync("verify", path)).EnsureSuccess();

        var again = await Aicd.RunAsync("export", jobs.Completed, "--data", jobs.Data, "--output", path);
        again.ExitCode.ShouldBe(2);
        again.Errors.ShouldContain($"--output: expected a file that is not there yet, got '{path}', which is");

        var nowhere = await Aicd.RunAsync("export", jobs.Completed, "--data", jobs.Data, "--output", folder.Combine("no", "folder"));
        nowhere.ExitCode.ShouldBe(2);
        nowhere.Errors.ShouldContain("--output: expected a file that can be written");
        Directory.EnumerateFiles(folder.Location).ShouldBe([path]);
    }

    [Theory]
    [InlineData("change", "line 3: expected the hash")]
    [InlineData("remove", "line 3: expected the hash")]
    [InlineData("swap", "line 3: expected the hash")]
    [InlineData("cut", "expected the end, got the end of the file: it was cut off")]
    [InlineData("add", "expected a JSON object that ends in its hash")]
    [InlineData("empty", "line 1: expected a header, got an empty file")]
    [InlineData("latin", "line 1: expected UTF-8")]
    public async Task What_was_tampered_with_is_refused_with_the_line(string how, string message)
    {
        var lines = (await ExportAsync(jobs.Completed)).Split('\n', StringSplitOptions.RemoveEmptyEntries).ToList();
        switch (how)
        {
            case "change":
                lines[2] = lines[2].Replace("START_PLANNING", "START_PLANNINC", StringComparison.Ordinal);
                break;
            case "remove":
                lines.RemoveAt(2);
                break;
            case "swap":
                (lines[2], lines[3]) = (lines[3], lines[2]);
                break;
            case "cut":
                lines.RemoveAt(lines.Count - 1);
                break;
            case "add":
                lines.Add("{}");
                break;
            case "empty":
                lines.Clear();
                break;
        }

        using var folder = new TemporaryFolder();
        var path = folder.Combine("job.jsonl");
        await File.WriteAllTextAsync(path, string.Concat(lines.Select(line => line + "\n")), how == "latin" ? Encoding.Unicode : new UTF8Encoding(false), Cancelled);

        var refused = await Aicd.RunAsync("verify", path);

        refused.ExitCode.ShouldBe(1);
        refused.Errors.ShouldContain(message);
        refused.Output.ShouldBeEmpty();
    }

    /// <summary>Whoever tampers may compute the chain anew: what the lines say of each other must still agree.</summary>
    [Theory]
    [InlineData("\"state\":\"COMPLETED\"", "\"state\":\"FAILED\"", "state: expected COMPLETED")]
    [InlineData("\"events\":13", "\"events\":12", "events: expected 13")]
    [InlineData("\"data\":{\"attemptId\":\"", "\"data\":{\"attemptId\":\"x", "sha256: expected that of the payload")]
    [InlineData("\"seq\":2,", "\"seq\":3,", "seq: expected 2, got '3'")]
    [InlineData("\"kind\":\"bundle\",\"sha256\":\"", "\"kind\":\"bundle\",\"sha256\":\"0", "sha256: expected an artifact that an event before it names")]
    [InlineData("\"text\":\"", "\"text\":\"x", "is not what its hash")]
    [InlineData("\"format\":\"aicd.job\"", "\"format\":\"aicd.joke\"", "expected format aicd.job or aicd.store")]
    [InlineData("\"version\":1", "\"version\":2", "in version 1, got 'aicd.job' in version 2")]
    [InlineData("\"type\":\"end\"", "\"type\":\"fin\"", "type: expected event, artifact or end, got 'fin'")]
    public async Task A_chain_that_was_computed_anew_does_not_hide_a_change(string from, string to, string message)
    {
        var chain = new HashChain();
        var changed = false;
        var forged = new StringBuilder();
        foreach (var line in (await ExportAsync(jobs.Completed)).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var body = line[..line.LastIndexOf(",\"hash\":", StringComparison.Ordinal)] + "}";
            if (!changed && body.Contains(from, StringComparison.Ordinal) && (from[..6] != "\"kind\"" || body.Contains("\"type\":\"artifact\"", StringComparison.Ordinal)))
            {
                body = body.Replace(from, to, StringComparison.Ordinal);
                changed = true;
            }

            forged.Append(chain.Seal(body)).Append('\n');
        }

        changed.ShouldBeTrue();
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(forged.ToString()));
        var refused = await Should.ThrowAsync<CommandException>(() => VerifiedFile.ReadAsync(stream, Cancelled));
        refused.ExitCode.ShouldBe(1);
        refused.Message.ShouldContain(message);
    }

    [Fact]
    public async Task A_file_that_is_not_there_is_bad_input()
    {
        var refused = await Aicd.RunAsync("verify", "/nowhere/job.jsonl");

        refused.ExitCode.ShouldBe(2);
        refused.Errors.ShouldContain("FILE: expected a file that can be read, got '/nowhere/job.jsonl'");
    }

    private async Task<string> ExportAsync(string job, params string[] more) =>
        (await Aicd.RunAsync(["export", job, "--data", jobs.Data, .. more])).EnsureSuccess().Output;
}
