using AiCd.Testing;

namespace AiCd.Host.Tests.EndToEnd;

public sealed class BadInputTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("", "Required command was not provided")]
    [InlineData("fly", "'fly'")]
    [InlineData("run", "--repo: expected a value, or --resume with a job, got nothing", "--issue: expected a value")]
    [InlineData("run --repo . --issue x --priority high", "--priority: expected a whole number from -100 to 100, got 'high'")]
    [InlineData("run --resume 1aaaaaaaaaaaaaaa --title x --nonsense", "--title: expected not beside --resume", "'--nonsense'")]
    [InlineData("jobs list --limit 0 --state DONE", "--limit: expected a whole number from 1 to 10000, got '0'", "--state: expected one of QUEUED, PLANNING, CODING, REVIEWING, PR_OPEN, COMPLETED, FAILED, CANCELLED, got 'DONE'")]
    [InlineData("demo --agent claude", "--agent: expected one of mock, anthropic, openai, got 'claude'")]
    [InlineData("jobs show", "Required argument 'JOB' missing")]
    public async Task Wrong_usage_is_named_and_ends_with_2(string commandLine, params string[] messages) =>
        ShouldRefuse(await Aicd.RunAsync(commandLine.Split(' ', StringSplitOptions.RemoveEmptyEntries)), 2, messages);

    [Fact]
    public async Task Help_shows_options_and_examples_and_the_version_is_told()
    {
        var help = (await Aicd.RunAsync("run", "--help")).EnsureSuccess().Output;
        help.ShouldContain("--resume <JOB>");
        help.ShouldContain("aicd run --repo . --issue issue.md");

        (await Aicd.RunAsync("--version")).EnsureSuccess().Line.ShouldStartWith("0.");
    }

    [Fact]
    public async Task All_wrong_settings_are_named_at_once_and_no_secret_among_them()
    {
        var setup = Setup.Of("MaxReviewRounds", "21").With("Postgres", "Host=localhost;Password=x;hunter2=y").With("Typo", "x").With("Urls", "ftp://x")
            .With("Stages:Planning:Concurrency", "0").With("Stages:Coding:Timeout", "soon").With("CompleteOn", "never")
            .With("Agents:Mock:RejectReview", "-2").With("Agents:Mock:Deley", "1").With("Stage:Planning:Attempts", "1").With("Git:MaxDiffBytes", "many");

        var refused = await Aicd.RunAsync(setup, "jobs", "list");

        ShouldRefuse(
            refused,
            2,
            "AiCd:MaxReviewRounds: expected a whole number from 1 to 20, got '21'",
            "AiCd:Typo: unknown key; did you mean ",
            "AiCd:Postgres: expected a connection string such as Host=localhost;Database=aicd;Username=aicd;Password=..., with values that hold ; or = in double quotes, got '(a secret)'",
            "AiCd:Urls: expected URLs such as http://127.0.0.1:5080, separated by semicolons, got 'ftp://x'",
            "AiCd:Stages:Planning:Concurrency: expected a whole number from 1 to 10000, got '0'",
            "AiCd:Stages:Coding:Timeout: expected a time span from 00:00:01 to 1.00:00:00, got 'soon'",
            "AiCd:CompleteOn: expected 'pr_opened' or 'checks_passed' or 'merged', got 'never'",
            "AiCd:Agents:Mock:RejectReview: expected a number of review rounds from 0, or -1 for all, got '-2'",
            "AiCd:Agents:Mock:Deley: unknown key; did you mean AiCd:Agents:Mock:Delay?",
            "AiCd:Stage: unknown key; did you mean AiCd:Stages?",
            "AiCd:Git:MaxDiffBytes: expected a whole number, got 'many'");
        refused.Errors.ShouldNotContain("hunter2");
    }

    [Fact]
    public async Task Settings_that_contradict_each_other_are_named()
    {
        var refused = await Aicd.RunAsync(Setup.Of("Renewal", "00:00:05"), "demo");

        ShouldRefuse(refused, 2, "AiCd:Renewal: expected a time span of less than a half of the lease (00:00:10), got '00:00:05'");
    }

    [Fact]
    public async Task Repositories_that_cannot_be_worked_on_are_named()
    {
        using var bench = await Workbench.CreateAsync();
        using var empty = await GitRepository.InitAsync(Cancelled);
        var folder = Directory.CreateDirectory(bench.Combine("plain")).FullName;

        ShouldRefuse(await RunOnAsync(bench.Combine("nowhere")), 2, "--repo: ", bench.Combine("nowhere"));
        ShouldRefuse(await RunOnAsync(folder), 2, $"--repo: {folder} is not a git repository");
        ShouldRefuse(await RunOnAsync(bench.Issue), 2, $"--repo: {bench.Issue} is a file");
        ShouldRefuse(await RunOnAsync(empty.Location), 2, $"--repo: {empty.Location} has no commit");
        ShouldRefuse(await RunOnAsync("https://example.com/some/repository.git"), 2, "--repo: ", "on this machine or on https://github.com/");
        ShouldRefuse(await RunOnAsync("git@example.com:some/repository.git"), 2, "--repo: ", "ssh is not supported");
        ShouldRefuse(await RunOnAsync(""), 2, "--repo: expected a path, a file URL, or owner/repo on GitHub, got ''");
        ShouldRefuse(await RunOnAsync(bench.Repository.Location, "--base", "missing"), 2, "--base: ", "has no branch 'missing'; it has main");

        Task<ProcessResult> RunOnAsync(string repository, params string[] more) =>
            Aicd.RunAsync(["run", "--repo", repository, "--issue", bench.Issue, "--data", bench.Data, .. more]);
    }

    [Fact]
    public async Task Issues_that_are_no_text_are_named()
    {
        using var bench = await Workbench.CreateAsync();

        ShouldRefuse(await RunWithAsync(bench.Combine("missing.md")), 2, $"--issue: expected a text file or - for standard input, {bench.Combine("missing.md")} does not exist");
        ShouldRefuse(await RunWithAsync(bench.Combine()), 2, $"{bench.Combine()} is a folder");
        ShouldRefuse(await RunWithAsync(await FileAsync("empty", [])), 2, "empty is empty");
        ShouldRefuse(await RunWithAsync(await FileAsync("blank", " \n\t\r\n"u8.ToArray())), 2, "blank is blank");
        ShouldRefuse(await RunWithAsync(await FileAsync("image", [0x89, (byte)'P', 0, 1])), 2, "image is binary");
        ShouldRefuse(await RunWithAsync(await FileAsync("latin1", [(byte)'a', 0xE4, (byte)'b'])), 2, "latin1 has an invalid byte at offset 1");
        ShouldRefuse(await RunWithAsync(await FileAsync("huge", [.. Enumerable.Repeat((byte)'x', (1024 * 1024) + 1)])), 2, "--issue: expected at most 1 MiB of text");
        ShouldRefuse(await RunWithAsync("-"), 2, "standard input is empty");
        ShouldRefuse(await RunWithAsync(bench.Issue, "--title", " "), 2, "--title: expected a text, got a blank one");
        ShouldRefuse(await RunWithAsync(bench.Issue, "--agent", "claude"), 2, "--agent: expected one of anthropic, command, mock, openai, got 'claude'");
        Directory.Exists(bench.Data).ShouldBeFalse();

        Task<ProcessResult> RunWithAsync(string issue, params string[] more) =>
            Aicd.RunAsync(["run", "--repo", bench.Repository.Location, "--issue", issue, "--data", bench.Data, .. more]);

        async Task<string> FileAsync(string name, byte[] content)
        {
            await File.WriteAllBytesAsync(bench.Combine(name), content, Cancelled);
            return bench.Combine(name);
        }
    }

    private static void ShouldRefuse(ProcessResult result, int exitCode, params string[] messages)
    {
        result.ExitCode.ShouldBe(exitCode, result.Errors);
        result.Output.ShouldBeEmpty();
        foreach (var message in messages)
        {
            result.Errors.ShouldContain(message);
        }
    }
}
