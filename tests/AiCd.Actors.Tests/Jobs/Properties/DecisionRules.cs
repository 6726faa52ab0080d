using AiCd.Actors.Jobs;
using AiCd.Actors.Jobs.Stored;

namespace AiCd.Actors.Tests.Jobs.Properties;

/// <summary>What holds for every decision, whatever the job and the command.</summary>
internal static class DecisionRules
{
    public static void Check(Job? job, JobCommand command, Decision decision)
    {
        // Deterministic: asked again, the same job and command give the same.
        Text(JobDecider.Decide(job, command)).ShouldBe(Text(decision));

        if (decision is Decision.Refused refused)
        {
            refused.Refusal.State.ShouldBe(job?.State);
            refused.Refusal.Message.ShouldNotBeNullOrWhiteSpace();
            return;
        }

        var events = ((Decision.Accepted)decision).Events;
        events.ShouldNotBeEmpty();
        events.All(e => e.At == command.At).ShouldBeTrue();
        if (AttemptOf(command) is { } attempt)
        {
            attempt.ShouldBe(job?.Entry.Running?.Id, $"{command} was accepted of an attempt that is not running");
        }

        if (job is not null && job.State.IsTerminal())
        {
            MayFollowTheEnd(job, command).ShouldBeTrue($"{command} was accepted after the end");
        }

        if (command is JobCommand.StartAttempt { GoneAttemptId: var gone } && job?.Entry.Running is { } running)
        {
            gone.ShouldBe(running.Id, "a running attempt was replaced without being gone");
        }
    }

    /// <summary>Usage; and where a pull request may have been opened in the name of a cancelled job, what it takes to close it.</summary>
    private static bool MayFollowTheEnd(Job job, JobCommand command) => command switch
    {
        JobCommand.SettleUsage => true,
        JobCommand.StartAttempt { Stage: Stage.PrOpen } or JobCommand.FailAttempt or JobCommand.InterruptAttempt => CleanUp.IsOwed(job),
        JobCommand.CompleteEffect { Effect: Effects.ClosePullRequest } => CleanUp.IsOwed(job),
        _ => false,
    };

    /// <returns>The attempt that a result or report bears.</returns>
    private static string? AttemptOf(JobCommand command) => command switch
    {
        JobCommand.CompletePlanning c => c.AttemptId,
        JobCommand.CompleteCoding c => c.AttemptId,
        JobCommand.ApproveReview c => c.AttemptId,
        JobCommand.RejectReview c => c.AttemptId,
        JobCommand.IntendEffect c => c.AttemptId,
        JobCommand.CompleteEffect c => c.AttemptId,
        JobCommand.RecordPullRequest c => c.AttemptId,
        JobCommand.FailAttempt c => c.AttemptId,
        JobCommand.InterruptAttempt c => c.AttemptId,
        JobCommand.HoldForBudget c => c.AttemptId,
        _ => null,
    };

    private static string Text(Decision decision) => decision switch
    {
        Decision.Accepted accepted => string.Join('\n', accepted.Events.Select(e =>
            $"{JobEventCodec.NameOf(e)} {e.At:O} {System.Text.Encoding.UTF8.GetString(JobEventCodec.Encode(e))}")),
        _ => decision.ToString(),
    };
}
