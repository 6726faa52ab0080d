using AiCd.Actors.Jobs;

namespace AiCd.Actors.Tests.Jobs;

public sealed class JobTransitionsTests
{
    // Written from the design, not from the code: 14 events by 8 states, a dash where the event is refused.
    private const string Table = """
        event            QUEUED     PLANNING   CODING     REVIEWING  PR_OPEN    COMPLETED  FAILED  CANCELLED
        START_PLANNING   PLANNING   -          -          -          -          -          -       -
        PLAN_SUCCEEDED   -          CODING     -          -          -          -          -       -
        PLAN_FAILED      -          FAILED     -          -          -          -          -       -
        START_CODING     -          -          CODING     -          -          -          -       -
        CODE_SUCCEEDED   -          -          REVIEWING  -          -          -          -       -
        CODE_FAILED      -          -          FAILED     -          -          -          -       -
        START_REVIEWING  -          -          -          REVIEWING  -          -          -       -
        REVIEW_APPROVED  -          -          -          PR_OPEN    -          -          -       -
        REVIEW_REJECTED  -          -          -          CODING     -          -          -       -
        REVIEW_FAILED    -          -          -          FAILED     -          -          -       -
        PR_OPENED        -          -          -          -          PR_OPEN    -          -       -
        PR_FAILED        -          -          -          -          FAILED     -          -       -
        MARK_COMPLETED   -          -          -          -          COMPLETED  -          -       -
        MARK_CANCELLED   CANCELLED  CANCELLED  CANCELLED  CANCELLED  CANCELLED  -          -       -
        """;

    // Every way in which a job's state may change, and no other.
    private const string Changes = """
        QUEUED>PLANNING PLANNING>CODING CODING>REVIEWING REVIEWING>CODING REVIEWING>PR_OPEN PR_OPEN>COMPLETED
        PLANNING>FAILED CODING>FAILED REVIEWING>FAILED PR_OPEN>FAILED
        QUEUED>CANCELLED PLANNING>CANCELLED CODING>CANCELLED REVIEWING>CANCELLED PR_OPEN>CANCELLED
        """;

    private static readonly char[] Blank = [' ', '\n'];

    public static TheoryData<string, string, string> Cells { get; } = ReadTable();

    public static IReadOnlySet<(JobState From, JobState To)> LegalChanges { get; } = Changes
        .Split(Blank, StringSplitOptions.RemoveEmptyEntries)
        .Select(change => change.Split('>'))
        .Select(pair => (Parse<JobState>(pair[0]), Parse<JobState>(pair[1])))
        .ToHashSet();

    [Fact]
    public void The_expectation_covers_every_state_and_event()
    {
        Cells.Count.ShouldBe(8 * 14);
        Cells.Select(cell => cell.Data.Item1).Distinct().ShouldBe(WireNames.All<JobTransition>(), ignoreOrder: true);
        Cells.Select(cell => cell.Data.Item2).Distinct().ShouldBe(WireNames.All<JobState>(), ignoreOrder: true);
        WireNames.All<JobState>().Count().ShouldBe(8);
        WireNames.All<JobTransition>().Count().ShouldBe(14);
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public void Every_event_leads_where_the_design_says_or_is_refused(string wireEvent, string wireState, string expected)
    {
        var state = Parse<JobState>(wireState);
        var transition = Parse<JobTransition>(wireEvent);

        JobTransitions.IsValidTransition(state, transition).ShouldBe(expected != "-");
        if (expected != "-")
        {
            WireNames.Of(JobTransitions.GetNextState(state, transition)).ShouldBe(expected);
            return;
        }

        var refused = Should.Throw<JobStateException>(() => JobTransitions.GetNextState(state, transition));
        refused.Message.ShouldBe($"Invalid event {wireEvent} for current state {wireState}");
        refused.Current.ShouldBe(state);
        refused.Transition.ShouldBe(transition);
    }

    [Fact]
    public void The_refusal_names_event_and_state() =>
        Should.Throw<JobStateException>(() => JobTransitions.GetNextState(JobState.Planning, JobTransition.StartCoding))
            .Message.ShouldBe("Invalid event START_CODING for current state PLANNING");

    [Fact]
    public void The_state_changes_are_these_and_no_others()
    {
        var changes =
            from state in Enum.GetValues<JobState>()
            from transition in Enum.GetValues<JobTransition>()
            where JobTransitions.IsValidTransition(state, transition)
            let next = JobTransitions.GetNextState(state, transition)
            where next != state
            select (state, next);

        changes.ToHashSet().ShouldBe(LegalChanges, ignoreOrder: true);
    }

    [Fact]
    public void Three_states_are_final() =>
        Enum.GetValues<JobState>().Where(state => state.IsTerminal()).ShouldBe([JobState.Completed, JobState.Failed, JobState.Cancelled]);

    private static TheoryData<string, string, string> ReadTable()
    {
        var rows = Table.Split('\n').Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).ToList();
        var cells = new TheoryData<string, string, string>();
        foreach (var row in rows.Skip(1))
        {
            foreach (var (state, to) in rows[0].Zip(row).Skip(1))
            {
                cells.Add(row[0], state, to);
            }
        }

        return cells;
    }

    private static TEnum Parse<TEnum>(string wire)
        where TEnum : struct, Enum => WireNames.TryParse<TEnum>(wire, out var value) ? value : throw new FormatException(wire);
}
