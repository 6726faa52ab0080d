using FsCheck;
using FsCheck.Fluent;

namespace AiCd.Actors.Tests.Jobs.Properties;

/// <summary>One thing that somebody tries to do with a job; <see cref="RandomJob"/> makes a command of it.</summary>
/// <param name="Variant">A small number that the kind of step may use.</param>
internal sealed record Step(StepKind Kind, AttemptChoice Attempt, int Variant)
{
    private static readonly StepKind[] Troubles = [StepKind.Fail, StepKind.Interrupt, StepKind.RejectReview, StepKind.TurnDownPlan, StepKind.IntendEffect];

    private static readonly Gen<AttemptChoice> Attempts = Gen.Frequency(
        (6, Gen.Constant(AttemptChoice.Running)),
        (1, Gen.Constant(AttemptChoice.Old)),
        (1, Gen.Constant(AttemptChoice.Wrong)));

    /// <summary>Every life has a trouble that it meets again and again, so that the bounds are reached too.</summary>
    public static Arbitrary<Step[]> Lives { get; } = Arb.From(
        from trouble in Gen.Elements(Troubles)
        from life in Steps(trouble).ArrayOf()
        select life,
        Shorter);

    // Ends are rare, or no life would get far.
    private static Gen<Step> Steps(StepKind trouble) =>
        from kind in Gen.Frequency(
            (40, Gen.Constant(StepKind.Proceed)),
            (40, Gen.Elements(Enum.GetValues<StepKind>().Except([StepKind.Cancel]))),
            (25, Gen.Constant(trouble)),
            (1, Gen.Constant(StepKind.Cancel)))
        from attempt in Attempts
        from variant in Gen.Choose(0, 7)
        select new Step(kind, attempt, variant);

    /// <summary>The life without a piece: first large pieces, then single steps.</summary>
    private static IEnumerable<Step[]> Shorter(Step[] steps)
    {
        for (var size = (steps.Length + 1) / 2; size > 0; size /= 2)
        {
            for (var start = 0; start + size <= steps.Length; start += size)
            {
                yield return [.. steps[..start], .. steps[(start + size)..]];
            }
        }
    }
}

internal enum AttemptChoice
{
    Running,
    Old,
    Wrong,
}

internal enum StepKind
{
    /// <summary>Whatever brings the job a step forward.</summary>
    Proceed,
    Submit,
    Start,
    CompletePlanning,
    ApprovePlan,
    TurnDownPlan,
    CompleteCoding,
    ApproveReview,
    RejectReview,
    IntendEffect,
    CompleteEffect,
    RecordPullRequest,
    Complete,
    Fail,
    Interrupt,
    AddFeedback,
    ChangePriority,
    EditIssue,
    SettleUsage,
    RecordTurn,
    HoldForBudget,
    RaiseBudget,
    Cancel,
}
