using System.Globalization;
using AiCd.Actors.Jobs;

namespace AiCd.Host.Output;

/// <summary>Events in words, one line each, fit for a terminal.</summary>
internal static class EventText
{
    /// <param name="job">As the event left it.</param>
    public static string Of(JobEvent e, Job job) => TerminalText.Line(e switch
    {
        JobEvent.Submitted submitted => $"job {job.Id} is recorded: {submitted.Submission.Title}",
        JobEvent.StartPlanning or JobEvent.StartCoding or JobEvent.StartReviewing or JobEvent.AttemptStarted => Started(job),
        JobEvent.PlanSucceeded plan => $"planned: {plan.Summary}",
        JobEvent.CodeSucceeded code => $"coded: {DiffStat.Totals(code.Change)}",
        JobEvent.ReviewApproved review => $"approved: {review.Summary}",
        JobEvent.ReviewRejected review => $"rejected in round {review.Round}: {review.Summary}",
        JobEvent.AttemptFailed failed => $"attempt {failed.Attempt} failed ({failed.Code}): {failed.Message}{Retry(failed)}",
        JobEvent.AttemptInterrupted cut => $"interrupted: {cut.Reason}",
        JobEvent.EffectIntended intent => $"about to {Words(intent.Effect)}: {intent.Target}",
        JobEvent.EffectDone done => $"{Words(done.Effect)} done: {done.Outcome}",
        JobEvent.PrOpened opened => $"pull request {opened.PullRequest.Number} is open: {opened.PullRequest.Url}",
        JobEvent.MarkCompleted => "done",
        JobEvent.MarkCancelled cancelled => $"cancelled: {cancelled.Reason}",
        JobEvent.PlanFailed or JobEvent.CodeFailed or JobEvent.ReviewFailed or JobEvent.PrFailed =>
            $"failed ({job.Failure?.Code}): {job.Failure?.Message}",
        JobEvent.PlanProposed plan => $"a plan waits for approval: {plan.Summary}",
        JobEvent.PlanTurnedDown no => $"the plan was turned down: {no.Feedback}",
        JobEvent.FeedbackAdded feedback => $"feedback: {feedback.Text}",
        JobEvent.BudgetExhausted hold => $"waits for budget: {hold.Reason}",
        JobEvent.BudgetRaised => "the budget was raised",
        JobEvent.TurnRecorded turn => $"turn {turn.Number}: {turn.Kind}{(turn.Prompt is { } prompt ? $" ({prompt})" : "")}",
        JobEvent.UsageSettled usage => $"used {usage.Usage.InputTokens + usage.Usage.OutputTokens} tokens of {usage.Model}",
        _ => e.GetType().Name,
    });

    private static string Started(Job job)
    {
        var round = job.RejectedRounds > 0 ? $"round {job.RejectedRounds + 1}, " : "";
        return $"{round}attempt {job.Entry.Running?.Number} started";
    }

    private static string Retry(JobEvent.AttemptFailed failed) => failed.RetryAt is { } due
        ? string.Create(CultureInfo.InvariantCulture, $"; the next begins in {Math.Max(0, (due - failed.At).TotalSeconds):0.0} s")
        : "";

    private static string Words(string effect) => effect switch
    {
        Effects.Push => "push",
        Effects.PullRequest => "open a pull request",
        _ => effect,
    };
}
