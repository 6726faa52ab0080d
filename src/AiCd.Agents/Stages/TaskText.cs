using System.Text;
using AiCd.Actors.Jobs.Payloads;
using AiCd.Actors.Ports;
using AiCd.Agents.Loop;
using AiCd.Agents.Prompts;
using AiCd.Agents.Sandbox;

namespace AiCd.Agents.Stages;

/// <summary>The first message of a stage: the issue and all that belongs to it, every word of others fenced.</summary>
internal static class TaskText
{
    private const int MaxDiff = 200_000;
    private const int MaxLog = 8_000;

    public static string Plan(StageContext context, StagePolicy policy, Guidance guidance) => Build(context, policy, guidance, text =>
    {
        AddFeedback(text, context.Job.Feedback, "What people said of this job so far, an earlier plan perhaps:");
        text.Append("\nPlan the work on this issue.\n");
    });

    public static string Code(StageContext context, StagePolicy policy, Guidance guidance) => Build(context, policy, guidance, text =>
    {
        AddPlan(text, context.Plan);
        if (policy.ProtectedPaths.Count > 0)
        {
            text.Append("\nThese paths must not be changed: ").AppendJoin(", ", policy.ProtectedPaths).Append(".\n");
        }

        AddFeedback(text, context.Job.Feedback, "What reviewers and people said so far; answer all of it:");
        if (context.PreviousDiff is { Length: > 0 } diff)
        {
            text.Append("\nThe round before made this change, which is in your files already:\n\n").Append(Fence.Around("diff", diff, MaxDiff)).Append('\n');
        }

        text.Append(context.Job.Round > 1 ? $"\nThis is round {context.Job.Round}. Mend what the review rejected.\n" : "\nCarry the plan out.\n");
    });

    public static string Review(StageContext context, ReviewSubject subject, StagePolicy policy, Guidance guidance) => Build(context, policy, guidance, text =>
    {
        AddPlan(text, context.Plan);
        AddFeedback(text, context.Job.Feedback, "What was said in earlier rounds:");
        foreach (var rule in policy.ReviewRules)
        {
            text.Append("\nA rule of this repository: ").Append(rule).Append('\n');
        }

        text.Append("\nThe author says of the change:\n\n").Append(Fence.Around("summary", subject.Summary)).Append('\n');
        AddChecks(text, subject.Checks);
        text.Append("\nThe whole change against its base:\n\n").Append(Fence.Around("diff", subject.Diff, MaxDiff)).Append("\n\nReview this change.\n");
    });

    private static string Build(StageContext context, StagePolicy policy, Guidance guidance, Action<StringBuilder> rest)
    {
        var issue = context.Job.Issue;
        var text = new StringBuilder("The issue:\n\n").Append(Fence.Around("issue", $"{issue.Title}\n\n{issue.Body}")).Append('\n');
        foreach (var (name, words) in guidance.Files)
        {
            text.Append("\nThe repository's guidance for whoever works on it (").Append(name).Append("); follow it as far as it speaks of code:\n\n")
                .Append(Fence.Around(name, words)).Append('\n');
        }

        if (policy.Commands.Count > 0)
        {
            text.Append("\nThe repository's own commands:\n");
            foreach (var (name, command) in policy.Commands)
            {
                text.Append("- ").Append(name).Append(": `").Append(command.ReplaceLineEndings("; ")).Append("`\n");
            }
        }

        if (guidance.Listing.Length > 0)
        {
            text.Append("\nFiles of the repository:\n\n").Append(Fence.Around("files", guidance.Listing)).Append('\n');
        }

        rest(text);
        return text.ToString();
    }

    private static void AddPlan(StringBuilder text, PlanResult? plan)
    {
        if (plan is null)
        {
            return;
        }

        var words = new StringBuilder(plan.Summary).Append('\n');
        foreach (var (index, step) in plan.Steps.Index())
        {
            words.Append(index + 1).Append(". ").Append(step).Append('\n');
        }

        words.Append("Files: ").AppendJoin(", ", plan.Files).Append('\n');
        foreach (var risk in plan.Risks)
        {
            words.Append("Risk: ").Append(risk).Append('\n');
        }

        text.Append("\nThe plan:\n\n").Append(Fence.Around("plan", words.Append("Tests: ").Append(plan.TestStrategy).ToString())).Append('\n');
    }

    private static void AddFeedback(StringBuilder text, IReadOnlyList<ReviewFeedback> feedback, string heading)
    {
        if (feedback.Count > 0)
        {
            text.Append('\n').Append(heading).Append("\n\n").AppendJoin("\n\n", feedback.Select(Feedback.Of)).Append('\n');
        }
    }

    private static void AddChecks(StringBuilder text, ChecksResult checks)
    {
        text.Append(checks.Checks.Count == 0 ? "\nThe repository has no checks of its own.\n" : "\nWhat the repository's own checks said of exactly this tree:\n");
        foreach (var check in checks.Checks)
        {
            text.Append("\n- ").Append(check.Name).Append(check.ExitCode == 0 ? " passed" : $" failed with exit code {check.ExitCode}").Append('\n')
                .Append(Fence.Around("output", check.Log, MaxLog)).Append('\n');
        }
    }
}
