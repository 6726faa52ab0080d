using System.Text;
using AiCd.Actors.Jobs;
using AiCd.Actors.Jobs.Stored;

namespace AiCd.Actors.Tests.Jobs.Stored;

public sealed class StoredEventsTests
{
    // What stands in journals stays: a name may be added here, never changed and never removed.
    private static readonly Dictionary<string, Type> Names = new()
    {
        ["START_PLANNING"] = typeof(JobEvent.StartPlanning),
        ["PLAN_SUCCEEDED"] = typeof(JobEvent.PlanSucceeded),
        ["PLAN_FAILED"] = typeof(JobEvent.PlanFailed),
        ["START_CODING"] = typeof(JobEvent.StartCoding),
        ["CODE_SUCCEEDED"] = typeof(JobEvent.CodeSucceeded),
        ["CODE_FAILED"] = typeof(JobEvent.CodeFailed),
        ["START_REVIEWING"] = typeof(JobEvent.StartReviewing),
        ["REVIEW_APPROVED"] = typeof(JobEvent.ReviewApproved),
        ["REVIEW_REJECTED"] = typeof(JobEvent.ReviewRejected),
        ["REVIEW_FAILED"] = typeof(JobEvent.ReviewFailed),
        ["PR_OPENED"] = typeof(JobEvent.PrOpened),
        ["PR_FAILED"] = typeof(JobEvent.PrFailed),
        ["MARK_COMPLETED"] = typeof(JobEvent.MarkCompleted),
        ["MARK_CANCELLED"] = typeof(JobEvent.MarkCancelled),
        ["SUBMITTED"] = typeof(JobEvent.Submitted),
        ["ATTEMPT_STARTED"] = typeof(JobEvent.AttemptStarted),
        ["ATTEMPT_FAILED"] = typeof(JobEvent.AttemptFailed),
        ["ATTEMPT_INTERRUPTED"] = typeof(JobEvent.AttemptInterrupted),
        ["PLAN_PROPOSED"] = typeof(JobEvent.PlanProposed),
        ["PLAN_TURNED_DOWN"] = typeof(JobEvent.PlanTurnedDown),
        ["PRIORITY_CHANGED"] = typeof(JobEvent.PriorityChanged),
        ["ISSUE_EDITED"] = typeof(JobEvent.IssueEdited),
        ["FEEDBACK_ADDED"] = typeof(JobEvent.FeedbackAdded),
        ["EFFECT_INTENDED"] = typeof(JobEvent.EffectIntended),
        ["EFFECT_DONE"] = typeof(JobEvent.EffectDone),
        ["USAGE_SETTLED"] = typeof(JobEvent.UsageSettled),
        ["TURN_RECORDED"] = typeof(JobEvent.TurnRecorded),
        ["BUDGET_EXHAUSTED"] = typeof(JobEvent.BudgetExhausted),
        ["BUDGET_RAISED"] = typeof(JobEvent.BudgetRaised),
    };

    public static TheoryData<int> Lines => [.. StoredEventLine.All.Select(stored => stored.Line)];

    [Theory]
    [MemberData(nameof(Lines))]
    public void What_was_ever_written_can_be_read_and_is_written_the_same_today(int line)
    {
        var stored = StoredEventLine.All[line - 1];

        var e = JobEventCodec.Decode(stored.Event, stored.Payload, Do.T0);

        e.At.ShouldBe(Do.T0);
        JobEventCodec.NameOf(e).ShouldBe(stored.Event);
        Encoding.UTF8.GetString(JobEventCodec.Encode(e)).ShouldBe(Encoding.UTF8.GetString(stored.Now ?? stored.Payload));
    }

    [Fact]
    public void Every_event_of_the_catalogue_is_held_at_every_version()
    {
        var missing =
            from type in JobEventCatalogue.All
            from version in Enumerable.Range(1, type.Version)
            where !StoredEventLine.All.Any(stored => stored.Event == type.Name && stored.Version == version)
            select $"{type.Name} version {version}";

        missing.ShouldBeEmpty();
    }

    [Fact]
    public void The_names_in_journals_never_change() =>
        JobEventCatalogue.All.Select(type => (type.Name, type.ClrType)).ShouldBe(Names.Select(pair => (pair.Key, pair.Value)), ignoreOrder: true);

    [Fact]
    public void Every_kind_of_event_is_in_the_catalogue_once()
    {
        var kinds = typeof(JobEvent).GetNestedTypes().Where(type => !type.IsAbstract && type.IsSubclassOf(typeof(JobEvent))).ToList();

        kinds.Count.ShouldBe(29);
        JobEventCatalogue.All.Select(type => type.ClrType).ShouldBe(kinds, ignoreOrder: true);
        JobEventCatalogue.All.Select(type => type.Name).Distinct().Count().ShouldBe(kinds.Count);
        JobEventCatalogue.All.ShouldAllBe(type => type.Json.Type == type.ClrType && type.Upcasters.Count == type.Version - 1);
    }

    [Fact]
    public void An_event_that_moves_a_job_is_stored_by_the_name_of_its_move()
    {
        var moves = StoredEventLine.All
            .Select(stored => (stored.Event, JobEventCodec.Decode(stored.Event, stored.Payload, Do.T0).Transition))
            .Where(pair => pair.Transition is not null)
            .Distinct()
            .ToList();

        moves.ShouldAllBe(pair => pair.Event == WireNames.Of(pair.Transition!.Value));
        moves.Select(pair => pair.Transition!.Value).ShouldBe(Enum.GetValues<JobTransition>(), ignoreOrder: true);
    }

    [Fact]
    public void An_unknown_name_is_refused() =>
        Should.Throw<CorruptEventException>(() => JobEventCodec.Decode("PLAN_IMPROVED", "{}"u8, Do.T0)).Message.ShouldBe("unknown event PLAN_IMPROVED");

    [Fact]
    public void Members_that_are_not_known_yet_are_passed_over() =>
        JobEventCodec.Decode("BUDGET_RAISED", """{"by":"ann","later":{"more":[1]}}"""u8, Do.T0).ShouldBe(new JobEvent.BudgetRaised("ann") { At = Do.T0 });
}
