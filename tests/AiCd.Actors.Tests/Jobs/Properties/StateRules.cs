using AiCd.Actors.Jobs;

namespace AiCd.Actors.Tests.Jobs.Properties;

/// <summary>What holds for a job after every event.</summary>
internal static class StateRules
{
    public static void Check(Job? before, Job after, int count)
    {
        after.Seq.ShouldBe(count);
        if (before is not null && before.State != after.State)
        {
            JobTransitionsTests.LegalChanges.ShouldContain((before.State, after.State));
            before.State.IsTerminal().ShouldBeFalse();
        }

        after.RejectedRounds.ShouldBeLessThan(Do.MaxReviewRounds);
        after.Entry.Interrupted.ShouldBeLessThanOrEqualTo(Do.MaxInterruptions + 1);
        after.Entry.Failed.ShouldBeLessThanOrEqualTo(Do.MaxAttempts);
        after.Entry.Started.ShouldBeGreaterThanOrEqualTo(after.Entry.Failed + after.Entry.Interrupted);
        if (after.Entry.Running is { } running)
        {
            running.Number.ShouldBe(after.Entry.Started);
            after.Entry.Failed.ShouldBeLessThan(Do.MaxAttempts);
            after.Entry.Interrupted.ShouldBeLessThanOrEqualTo(Do.MaxInterruptions);
        }

        var owed = OwedWork.Of(after);
        if (after.State == JobState.Cancelled && owed is { Stage: var cleaning })
        {
            cleaning.ShouldBe(Stage.PrOpen);
            after.Effects.ShouldContain(effect => effect.Kind == Effects.PullRequest);
            after.Effects.ShouldNotContain(effect => effect.Kind == Effects.ClosePullRequest);
            return;
        }

        if (after.State.IsTerminal())
        {
            owed.ShouldBeNull();
            after.Entry.ShouldBe(StageEntry.Fresh);
            (after.State == JobState.Failed).ShouldBe(after.Failure is not null);
            return;
        }

        // A job that has not ended either owes work or waits for somebody who can be named: none is ever forgotten.
        var waits = after.ProposedPlan is not null || after.BudgetHold is not null || after.PullRequest is not null;
        owed.HasValue.ShouldBe(!waits);
        if (waits)
        {
            after.Entry.Running.ShouldBeNull();
        }
    }
}
