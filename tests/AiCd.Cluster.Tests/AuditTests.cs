using AiCd.Actors.Jobs;
using AiCd.Actors.Jobs.Stored;
using AiCd.Actors.Journal;
using AiCd.Benchmarks.Cluster;
using AiCd.Benchmarks.Cluster.Audit;
using AiCd.Benchmarks.Micro;

namespace AiCd.Cluster.Tests;

/// <summary>The audit is what the other tests rest on: it must find what it is there to find.</summary>
public sealed class AuditTests
{
    private const string Node = "node-1";

    private static readonly DateTimeOffset At = SampleHistory.Events()[0].At;

    [Fact]
    public void A_sound_history_has_no_violations() => Violations(SampleHistory.Events()).ShouldBeEmpty();

    [Fact]
    public void A_missing_event_is_found()
    {
        var violations = new List<string>();

        JobHistory.Read(SampleHistory.Id, Rows(SampleHistory.Events()).Where(row => row.Seq != 3), violations);

        violations.ShouldBe([$"job {SampleHistory.Id}: event 4 follows event 2"]);
    }

    [Fact]
    public void An_illegal_move_is_found()
    {
        var events = SampleHistory.Events().ToList();
        events.RemoveAt(2);

        Violations(events).ShouldBe([$"job {SampleHistory.Id}: event 3 is START_CODING in state PLANNING"]);
    }

    [Fact]
    public void A_result_of_an_attempt_that_is_not_running_is_found() =>
        Violations(Replaced<JobEvent.CodeSucceeded>(code => code with { AttemptId = "other" }))
            .ShouldBe([$"job {SampleHistory.Id}: CodeSucceeded of attempt other was accepted while code-attempt was running"]);

    [Fact]
    public void An_attempt_that_is_started_twice_is_found() =>
        Violations(Replaced<JobEvent.StartReviewing>(start => start with { AttemptId = "code-attempt" }))
            .ShouldContain($"job {SampleHistory.Id}: attempt code-attempt was started twice");

    [Fact]
    public void An_attempt_that_is_replaced_while_its_node_lives_is_found_and_one_of_a_dead_node_is_not()
    {
        var events = SampleHistory.Events().ToList();
        events.Insert(4, new JobEvent.AttemptInterrupted(Stage.Coding, "code-attempt", "The node that ran it is gone", Counted: true) { At = At });
        events.Insert(5, new JobEvent.AttemptStarted(Stage.Coding, "second", "node-2") { At = At });
        events[6] = ((JobEvent.CodeSucceeded)events[6]) with { AttemptId = "second" };

        Violations(events, leaseEnd: At.AddSeconds(1)).ShouldHaveSingleItem().ShouldStartWith($"job {SampleHistory.Id}: attempt code-attempt was replaced at");
        Violations(events, leaseEnd: At).ShouldBeEmpty();
    }

    [Fact]
    public void An_attempt_whose_work_was_done_must_not_be_replaced_either()
    {
        var events = SampleHistory.Events().Take(4).ToList();
        events.Add(new JobEvent.AttemptInterrupted(Stage.Coding, "code-attempt", "The node that ran it is gone", Counted: true) { At = At });

        Violations(events, leaseEnd: At.AddSeconds(1), Line(NodeLineKinds.Ended, LoggedEnds.Done)).ShouldHaveSingleItem();
        Violations(events, leaseEnd: At.AddSeconds(1), Line(NodeLineKinds.Ended, LoggedEnds.Failed)).ShouldBeEmpty();
    }

    [Fact]
    public void Work_that_ran_twice_or_without_a_start_is_found()
    {
        var twice = Line(NodeLineKinds.Started, null);

        Violations(SampleHistory.Events(), At, twice, twice).ShouldBe(["attempt code-attempt ran 2 times"]);
        Violations(SampleHistory.Events(), At, twice with { Attempt = "unknown" }).ShouldBe(["attempt unknown ran, and no journal has its start"]);
    }

    [Fact]
    public void A_wrong_end_a_doubled_submission_and_a_lost_acknowledgement_are_found()
    {
        var log = new ClusterLog();
        log.Add(new NodeLine(NodeLineKinds.Submitted, At, Job: "elsewhere", Number: 9));
        log.Cancelled[7] = true;
        var violations = new List<string>();

        EndRules.Check([Ended(7, Script.Cancelled, JobState.Completed), Ended(7, Script.Plain, JobState.Completed)], log, violations);

        violations.Count.ShouldBe(4);
        violations[0].ShouldStartWith($"job {SampleHistory.Id} (Cancelled) ended in COMPLETED");
        violations[1].ShouldStartWith("submission 7 became job");
        violations[2].ShouldStartWith($"job {SampleHistory.Id} (Plain) ended in COMPLETED");
        violations[3].ShouldBe("submission 9 was acknowledged as job elsewhere, the journal has none");
    }

    private static JobHistory Ended(int number, Script script, JobState state)
    {
        var job = JobEvolver.Replay(SampleHistory.Id, SampleHistory.Events())!;
        return new JobHistory(job.Id, job with { State = state, Submission = job.Submission with { Title = new ScriptedJob(number, script).Title } }, []);
    }

    private static List<JobEvent> Replaced<TEvent>(Func<TEvent, JobEvent> change)
        where TEvent : JobEvent => [.. SampleHistory.Events().Select(e => e is TEvent found ? change(found) : e)];

    private static List<string> Violations(IReadOnlyList<JobEvent> events, DateTimeOffset? leaseEnd = null, params NodeLine[] lines)
    {
        var violations = new List<string>();
        var history = JobHistory.Read(SampleHistory.Id, Rows(events), violations);
        var leases = new Leases(new Dictionary<string, DateTimeOffset> { [Node] = leaseEnd ?? At });
        var rules = new AttemptRules(leases, new AttemptLog(lines), violations);
        rules.Check(history);
        rules.CheckLog();
        return violations;
    }

    private static NodeLine Line(string kind, string? text) => new(kind, At, Node, SampleHistory.Id.Value, "code-attempt", "coding", Text: text);

    private static IEnumerable<JournalRow> Rows(IReadOnlyList<JobEvent> events) => events.Select((e, index) => new JournalRow(
        SampleHistory.Id.Shard, index + 1, SampleHistory.Id, index + 1, "default", JobEventCodec.NameOf(e), JobEventCodec.Encode(e), e.At));
}
