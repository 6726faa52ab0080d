using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using AiCd.Host.Tests.EndToEnd;
using AiCd.Testing;

namespace AiCd.Host.Tests.Operating;

/// <summary>Types what README and docs tell people to type, in a home folder that has what they speak of: a repository, an issue, jobs, a server.</summary>
public sealed partial class DocumentedCommandsTests(ServedJobs served) : IClassFixture<ServedJobs>
{
    private const int AtOnce = 4;

    /// <summary>A command that is refused because of what the job is has been understood all the same.</summary>
    private static readonly string[] MayBeRefused = ["aicd cancel", "aicd approve", "aicd reject", "aicd feedback", "aicd retry", "aicd doctor", "aicd budget"];

    private static readonly string[] Misunderstood = ["not-found", "invalid-field", "unknown-field", "missing-field", "invalid-json", "bad-request", "method-not-allowed", "forbidden"];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_the_documents_tell_to_type_works()
    {
        var commands = DocumentedCommands.All().Where(command => command.LeftOut is null).DistinctBy(command => command.Text).ToList();
        commands.Count(command => !command.IsRequest).ShouldBeGreaterThan(40);
        commands.Count(command => command.IsRequest).ShouldBeGreaterThan(15);
        using var home = await HomeAsync();
        var failures = new ConcurrentQueue<string>();

        await Parallel.ForEachAsync(commands, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = Cancelled }, async (command, _) =>
        {
            if (await FindFailureAsync(home, command) is { } failure)
            {
                failures.Enqueue(failure);
            }
        });

        failures.ShouldBeEmpty();
    }

    [Fact]
    public void No_reason_to_leave_a_command_out_has_outlived_it()
    {
        // What later documents may speak of is no reason yet.
        string[] later = ["docker", "kubectl", "systemctl", "sqlite3", "pg_dump", "ollama", "git", "aicd mcp", "aicd run --repo . --issue issue.md --agent openai", "aicd run --repo . --issue issue.md --agent anthropic"];
        var texts = DocumentedCommands.All().Select(command => Variables().Replace(command.Text, "")).ToList();

        DocumentedCommands.LeftOut.Keys.Except(later).Where(left => !texts.Any(text => text.StartsWith(left, StringComparison.Ordinal))).ShouldBeEmpty();
    }

    private async Task<string?> FindFailureAsync(TemporaryFolder home, DocumentedCommand command)
    {
        using var own = new TemporaryFolder();
        var work = own.Combine("work");
        await ProcessRunner.RunAsync("cp", ["-r", home.Combine("src", "app"), work], Cancelled);
        if (command.Text.Contains("--output job.jsonl", StringComparison.Ordinal))
        {
            File.Delete(Path.Combine(work, "job.jsonl"));
        }

        var data = command.NeedsFolder ? own.Combine("aicd") : served.Data;
        if (command.NeedsFolder && !command.Text.Contains("aicd run", StringComparison.Ordinal))
        {
            await ProcessRunner.RunAsync("cp", ["-r", served.Data, data], Cancelled);
            File.Delete(Path.Combine(data, "server.json"));
        }

        var text = Placeholder().Replace(command.Text, served.Completed);
        var setup = new Setup(work)
        {
            Variables = new()
            {
                ["HOME"] = home.Location,
                ["TMPDIR"] = own.Location,
                ["PATH"] = $"{Path.GetDirectoryName(Aicd.Executable)}:{Environment.GetEnvironmentVariable("PATH")}",
                ["AiCd__DataFolder"] = data,
                ["BROWSER"] = "true",
                ["AICD"] = served.Server.Url.GetLeftPart(UriPartial.Authority),
                ["KEY"] = $"Authorization: Bearer {served.Server.Client.Variables["AICD_API_KEY"]}",
                ["JOB"] = served.Completed,
            },
        };
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        deadline.CancelAfter(Aicd.Patience);
        var result = await ProcessRunner.RunAsync(ProcessRunner.Command("bash", ["-c", $"set -o pipefail; {text}"], Aicd.EnvironmentOf(setup), setup.Folder), "", deadline.Token);
        var allowed = MayBeRefused.Any(text.StartsWith) ? 3 : 0;
        var understood = result.ExitCode == 0 || (allowed > 0 && result.ExitCode is 1 or 3);
        var answered = !command.IsRequest || !Misunderstood.Any(type => result.Output.Contains($"urn:aicd:problem:{type}", StringComparison.Ordinal));
        return understood && answered ? null : $"{command}: {result.ExitCode} {result.Errors} {(answered ? "" : result.Output)}";
    }

    private async Task<TemporaryFolder> HomeAsync()
    {
        var home = new TemporaryFolder();
        Directory.CreateDirectory(home.Combine("src"));
        (await ProcessRunner.RunAsync("git", ["clone", "--quiet", served.Repository, home.Combine("src", "app")], Cancelled)).EnsureSuccess();
        await File.WriteAllTextAsync(home.Combine("src", "app", "issue.md"), "# Say more\n\n- describe `src/app.txt` in README.md\n", Cancelled);
        (await Aicd.RunAsync("export", served.Completed, "--data", served.Data, "--output", home.Combine("src", "app", "job.jsonl"))).EnsureSuccess();
        return home;
    }

    [GeneratedRegex("01k9z3m7c[0-9a-z]*|<job>")]
    private static partial Regex Placeholder();

    [GeneratedRegex(@"^([A-Za-z_]+=('[^']*'|""[^""]*""|\S+) )+")]
    private static partial Regex Variables();
}
