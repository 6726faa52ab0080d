using AiCd.Actors.Jobs.Payloads;
using AiCd.Actors.Ports;
using AiCd.Agents.Text;
using Microsoft.Extensions.Options;

namespace AiCd.Agents.Mock;

/// <summary>
/// An agent without a model: it plans by what the issue says, writes the plan into the repository as Markdown and reviews the real
/// diff. The same input gives the same result, and nothing is remembered between calls, so that a restart changes nothing either.
/// </summary>
public sealed class MockAgent(IOptions<MockAgentOptions> options, TimeProvider time) : IAgent
{
    public const string AgentName = "mock";

    private const int MaxPromptLength = 20_000;

    private readonly MockAgentOptions _options = options.Value;

    public string Name => AgentName;

    public async Task<PlanResult> PlanAsync(StageContext context, CancellationToken cancellationToken)
    {
        await WorkAsync(context, "Reading the issue", IssuePrompt(context.Job.Issue), _options.FailPlanning, cancellationToken);
        var plan = MockPlanner.Plan(context.Job, context.Worktree);
        return Answer(context, plan, MockTranscript.Of(plan), $"Planned {plan.Steps.Count} steps");
    }

    public async Task<CodeResult> CodeAsync(StageContext context, CancellationToken cancellationToken)
    {
        await WorkAsync(context, "Writing the change", MockTranscript.Of(context.Plan, context.Job), _options.FailCoding, cancellationToken);
        var plan = context.Plan ?? MockPlanner.Plan(context.Job, context.Worktree);
        var result = await MockCoder.CodeAsync(context.Job, plan, context.Worktree, cancellationToken);
        return Answer(context, result, result.Summary, $"Changed {string.Join(", ", result.Changes.Select(change => change.Path))}");
    }

    public async Task<ReviewResult> ReviewAsync(StageContext context, CancellationToken cancellationToken)
    {
        var subject = context.Subject ?? throw new ArgumentException("There is nothing to review in this context", nameof(context));
        await WorkAsync(context, "Reading the diff", PlainText.Block(subject.Diff, MaxPromptLength), _options.FailReview, cancellationToken);
        var review = MockReviewer.Review(subject, mustReject: Covers(_options.RejectReview, context.Job.Round));
        return Answer(context, review, MockTranscript.Of(review), $"{review.Verdict}: {review.Comments.Count} comments");
    }

    private async Task WorkAsync(StageContext context, string doing, string prompt, int failures, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        context.Progress.Report(doing);
        context.Progress.Record("user", prompt);
        await Task.Delay(_options.Delay, time, cancellationToken);

        // A stage that was passed once has had its failures: later rounds enter it anew with attempt 1.
        var firstEntry = context.Job.Round == 1 || failures == MockAgentOptions.Always;
        if (firstEntry && Covers(failures, context.AttemptNumber))
        {
            throw new StageException(FaultKind.Transient, "mock_failure",
                $"The mock agent was told to fail here (attempt {context.AttemptNumber} of this stage)");
        }
    }

    private static TResult Answer<TResult>(StageContext context, TResult result, string transcript, string done)
    {
        context.Progress.Record("assistant", transcript);
        context.Progress.Report(done);
        return result;
    }

    private static bool Covers(int count, int number) => count == MockAgentOptions.Always || number <= count;

    private static string IssuePrompt(Issue issue) =>
        $"{IssueOutline.TitleOf(issue)}\n\n{PlainText.Block(issue.Body, MaxPromptLength)}";
}
