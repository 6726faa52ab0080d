using AiCd.Actors.Jobs;
using AiCd.Actors.Jobs.Stored;

namespace AiCd.Actors.Tests.Jobs.Properties;

/// <summary>What holds for a whole history, counted from its events alone and not from what the evolver made of them.</summary>
internal static class HistoryRules
{
    public static void Check(IReadOnlyList<JobEvent> history, Job? job)
    {
        var read = history.Select(e => JobEventCodec.Decode(JobEventCodec.NameOf(e), JobEventCodec.Encode(e), e.At)).ToList();
        RandomJob.Json(JobEvolver.Replay(JobStory.Id, read)).ShouldBe(RandomJob.Json(job));

        history.OfType<JobEvent.Submitted>().Count().ShouldBeLessThanOrEqualTo(1);
        history.OfType<JobEvent.PrOpened>().Count().ShouldBeLessThanOrEqualTo(1);
        history.OfType<JobEvent.ReviewRejected>().Select(e => e.Round).ShouldBe(Enumerable.Range(1, history.OfType<JobEvent.ReviewRejected>().Count()));
        history.OfType<JobEvent.EffectIntended>().Select(e => e.Effect).ShouldBeUnique();
        history.OfType<JobEvent.EffectDone>().Select(e => e.Effect).ShouldBeUnique();
        history.Select(OpenedBy).OfType<string>().ShouldBeUnique();
        EffectsFollowAnApprovalOfTheirTree(history);
        AttemptsPerEntryAreBounded(history);
        OnlyAProposedPlanIsApproved(history);
        NothingButUsageAndClosingFollowsTheEnd(history);
        if (job is not null)
        {
            job.Usage.InputTokens.ShouldBe(history.OfType<JobEvent.UsageSettled>().Sum(e => e.Usage.InputTokens));
            job.Feedback.Count.ShouldBe(history.Count(e => e is JobEvent.FeedbackAdded or JobEvent.PlanTurnedDown or JobEvent.ReviewRejected));
        }
    }

    private static void EffectsFollowAnApprovalOfTheirTree(IReadOnlyList<JobEvent> history)
    {
        string? coded = null;
        string? approved = null;
        foreach (var e in history)
        {
            switch (e)
            {
                case JobEvent.CodeSucceeded code:
                    (coded, approved) = (code.Change.TreeSha, null);
                    break;
                case JobEvent.ReviewApproved review:
                    approved = review.TreeSha;
                    approved.ShouldBe(coded, "what was approved is not what was coded");
                    break;
                case JobEvent.EffectIntended or JobEvent.EffectDone or JobEvent.PrOpened:
                    approved.ShouldNotBeNull("an effect came before any approval");
                    approved.ShouldBe(coded, "what left is not what was approved");
                    break;
            }
        }
    }

    private static void AttemptsPerEntryAreBounded(IReadOnlyList<JobEvent> history)
    {
        var (failed, interrupted) = (0, 0);
        foreach (var e in history)
        {
            (failed, interrupted) = e switch
            {
                JobEvent.PlanSucceeded or JobEvent.CodeSucceeded or JobEvent.ReviewApproved or JobEvent.ReviewRejected or JobEvent.MarkCancelled => (0, 0),
                JobEvent.AttemptFailed => (failed + 1, interrupted),
                JobEvent.AttemptInterrupted { Counted: true } => (failed, interrupted + 1),
                _ => (failed, interrupted),
            };
            failed.ShouldBeLessThanOrEqualTo(Do.MaxAttempts);
            if (OpenedBy(e) is not null)
            {
                failed.ShouldBeLessThan(Do.MaxAttempts);
                interrupted.ShouldBeLessThanOrEqualTo(Do.MaxInterruptions);
            }
        }
    }

    private static void OnlyAProposedPlanIsApproved(IReadOnlyList<JobEvent> history)
    {
        JobEvent.PlanProposed? proposed = null;
        foreach (var e in history)
        {
            if (e is JobEvent.PlanSucceeded { ApprovedBy: not null } approved)
            {
                approved.Artifacts.ShouldBe(proposed?.Artifacts);
            }

            proposed = e switch
            {
                JobEvent.PlanProposed now => now,
                JobEvent.PlanTurnedDown or JobEvent.IssueEdited => null,
                _ => proposed,
            };
        }
    }

    /// <summary>Only a cancelled job that meant to open a pull request goes on, to close it; and that ends once.</summary>
    private static void NothingButUsageAndClosingFollowsTheEnd(IReadOnlyList<JobEvent> history)
    {
        var late = history.SkipWhile(e => !IsEnd(e)).Skip(1).Where(e => e is not JobEvent.UsageSettled).ToList();
        if (late.Count == 0)
        {
            return;
        }

        history.ShouldContain(e => e is JobEvent.MarkCancelled);
        history.OfType<JobEvent.EffectIntended>().ShouldContain(e => e.Effect == Effects.PullRequest);
        late.SkipLast(1).All(IsTry).ShouldBeTrue();
        (IsTry(late[^1]) || late[^1] is JobEvent.EffectDone { Effect: Effects.ClosePullRequest }).ShouldBeTrue();
    }

    private static bool IsTry(JobEvent e) => e is JobEvent.AttemptStarted { Stage: Stage.PrOpen }
        or JobEvent.AttemptFailed { Stage: Stage.PrOpen } or JobEvent.AttemptInterrupted { Stage: Stage.PrOpen };

    private static bool IsEnd(JobEvent e) =>
        e is JobEvent.MarkCompleted or JobEvent.MarkCancelled or JobEvent.PlanFailed or JobEvent.CodeFailed or JobEvent.ReviewFailed or JobEvent.PrFailed;

    private static string? OpenedBy(JobEvent e) => e switch
    {
        JobEvent.StartPlanning start => start.AttemptId,
        JobEvent.StartCoding start => start.AttemptId,
        JobEvent.StartReviewing start => start.AttemptId,
        JobEvent.AttemptStarted start => start.AttemptId,
        _ => null,
    };
}
