using System.Runtime.InteropServices;
using AiCd.Host.Tests.Architecture;
using AiCd.Testing;

namespace AiCd.Host.Tests.EndToEnd;

/// <summary>The samples that have a bug: without a key and from a cassette, the executable mends each of them, and its tests are run on what came out.</summary>
public sealed class SampleTests
{
    private const string Approved = "QUEUED, PLANNING, CODING, REVIEWING, PR_OPEN, COMPLETED";
    private const string ApprovedInTheSecondRound = "QUEUED, PLANNING, CODING, REVIEWING, CODING, REVIEWING, PR_OPEN, COMPLETED";

    private static readonly string Root = ProjectFiles.FindRepository();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>The C# sample, which takes seconds to build, fails under its cassette: that goes on only where it did.</summary>
    [Theory]
    [InlineData("python")]
    [InlineData("text")]
    public async Task A_sample_has_a_test_that_fails(string sample)
    {
        using var folder = new TemporaryFolder();

        var tested = await TestAsync(await MakeAsync(sample, folder));

        tested.ExitCode.ShouldBe(1, tested.ToString());
    }

    /// <param name="times">More than once where little has to be built: what a cassette gives does not depend on the sample.</param>
    [Theory]
    [InlineData("anthropic", "csharp", Approved, 1)]
    [InlineData("anthropic", "python", ApprovedInTheSecondRound, 2)]
    [InlineData("anthropic", "text", ApprovedInTheSecondRound, 1)]
    [InlineData("openai", "csharp", Approved, 1)]
    [InlineData("openai", "python", ApprovedInTheSecondRound, 1)]
    [InlineData("openai", "text", ApprovedInTheSecondRound, 2)]
    public async Task A_replayed_cassette_mends_a_sample_its_tests_pass_and_it_is_the_same_each_time(string agent, string sample, string history, int times)
    {
        IReadOnlyList<(string, string)>? before = null;
        for (var i = 0; i < times; i++)
        {
            using var folder = new TemporaryFolder();
            var repository = await MakeAsync(sample, folder);

            var lines = await ReplayAsync(agent, sample, folder);

            lines.ShouldBeWholeAndInOrder();
            lines.History.ShouldBe(history);
            var branch = lines.Result.GetProperty("pullRequest").GetProperty("branch").GetString()!;
            (await ProcessRunner.RunAsync("git", ["clone", "--quiet", "--branch", branch, repository, folder.Combine("mended")], Cancelled)).EnsureSuccess();
            var tested = await TestAsync(folder.Combine("mended"));
            tested.ExitCode.ShouldBe(0, tested.ToString());
            var made = Made(lines);
            made.Count.ShouldBe(history == Approved ? 3 : 5);
            made.ShouldBe(before ?? made);
            before = made;
        }
    }

    /// <returns>The repository; the issue stands beside it.</returns>
    private static async Task<string> MakeAsync(string sample, TemporaryFolder folder)
    {
        var made = folder.Combine("sample");
        var script = ProcessRunner.Command("bash", [Path.Combine(Root, "samples", "bugs", sample, "make.sh"), made], GitRepository.Environment);
        (await ProcessRunner.RunAsync(script, "", Cancelled)).EnsureSuccess();
        return Path.Combine(made, "repository");
    }

    private static async Task<RunLines> ReplayAsync(string agent, string sample, TemporaryFolder folder)
    {
        var made = folder.Combine("sample");
        var setup = new Setup
        {
            Variables = new()
            {
                ["AICD_CASSETTE"] = "replay",
                ["AICD_CASSETTE_FILE"] = Path.Combine(Root, "tests", "cassettes", agent, $"{sample}.json"),
                ["ANTHROPIC_API_KEY"] = null,
                ["ANTHROPIC_BASE_URL"] = null,
                ["OPENAI_API_KEY"] = null,
                ["OPENAI_BASE_URL"] = null,
            },
        };

        // The sandbox shows /usr by itself; an SDK may be elsewhere.
        var sdk = new DirectoryInfo(RuntimeEnvironment.GetRuntimeDirectory()).Parent!.Parent!.Parent!.FullName;
        setup = sdk.StartsWith("/usr/", StringComparison.Ordinal) ? setup : setup.With("Sandbox:ToolFolders:0", sdk);
        var run = await Aicd.RunAsync(
            setup, "run", "--agent", agent, "--repo", Path.Combine(made, "repository"), "--issue", Path.Combine(made, "issue.md"), "--data", folder.Combine("data"), "--json");
        run.ExitCode.ShouldBe(0, run.Errors + run.Output);
        return RunLines.Parse(run.Output);
    }

    /// <summary>Runs what the repository names as its test.</summary>
    private static async Task<ProcessResult> TestAsync(string repository)
    {
        var test = (await File.ReadAllLinesAsync(Path.Combine(repository, ".aicd.yml"), Cancelled)).Single(line => line.StartsWith("test: ", StringComparison.Ordinal))[6..];
        var command = ProcessRunner.Command("bash", ["-c", test], new Dictionary<string, string?> { ["MSBUILDDISABLENODEREUSE"] = "1" }, repository);
        return await ProcessRunner.RunAsync(command, "", Cancelled);
    }

    private static IReadOnlyList<(string Kind, string Sha256)> Made(RunLines lines) =>
    [
        .. lines.Events
            .Where(e => e.GetProperty("data").TryGetProperty("artifacts", out _))
            .SelectMany(e => e.GetProperty("data").GetProperty("artifacts").EnumerateArray())
            .Select(artifact => (Kind: artifact.GetProperty("kind").GetString()!, Sha256: artifact.GetProperty("sha256").GetString()!))
            .Where(artifact => artifact.Kind is "plan" or "diff" or "review"),
    ];
}
