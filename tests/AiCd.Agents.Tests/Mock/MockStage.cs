using AiCd.Actors.Jobs;
using AiCd.Actors.Jobs.Payloads;
using AiCd.Actors.Ports;
using AiCd.Agents.Mock;
using AiCd.Testing;
using Microsoft.Extensions.Options;

namespace AiCd.Agents.Tests.Mock;

/// <summary>A worktree and the contexts of stages in it, for a mock agent that does not dawdle.</summary>
internal sealed class MockStage : IDisposable
{
    public static readonly JobId Job = JobId.Create(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero), shard: 7, random: 42);

    private readonly TemporaryFolder _worktree = new();

    public RecordingProgress Progress { get; } = new();

    public string Worktree => _worktree.Location;

    public static MockAgent Agent(MockAgentOptions? options = null) =>
        new(Options.Create(options ?? new MockAgentOptions { Delay = TimeSpan.Zero }), new ManualTimeProvider());

    public string Write(string path, string content)
    {
        var full = Path.Combine(Worktree, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, content);
        return full;
    }

    public StageContext Context(
        Stage stage,
        string title = "Add a greeting",
        string body = "",
        int round = 1,
        int attempt = 1,
        ReviewSubject? subject = null,
        params IReadOnlyList<ReviewFeedback> feedback) => new()
        {
            Job = new JobContext(Job, "default", "file:///repo", "main", new Issue(title, body, null), round, feedback),
            Stage = stage,
            AttemptId = $"attempt-{attempt}",
            AttemptNumber = attempt,
            Worktree = Worktree,
            Subject = subject,
            Progress = Progress,
        };

    public Task<PlanResult> PlanAsync(string title = "Add a greeting", string body = "") =>
        Agent().PlanAsync(Context(Stage.Planning, title, body), TestContext.Current.CancellationToken);

    public Task<CodeResult> CodeAsync(string title = "Add a greeting", string body = "", int round = 1, params IReadOnlyList<ReviewFeedback> feedback) =>
        Agent().CodeAsync(Context(Stage.Coding, title, body, round, feedback: feedback), TestContext.Current.CancellationToken);

    public Task<ReviewResult> ReviewAsync(string diff, int round = 1, MockAgentOptions? options = null) =>
        Agent(options).ReviewAsync(Context(Stage.Reviewing, round: round, subject: Subject(diff)), TestContext.Current.CancellationToken);

    public static ReviewSubject Subject(string diff) => new(
        new CommittedChange(new string('a', 40), new string('b', 40), new string('c', 40), "docs: change", 1, 1, 0), "A change.", diff, new ChecksResult("b", []));

    public void Dispose() => _worktree.Dispose();
}
