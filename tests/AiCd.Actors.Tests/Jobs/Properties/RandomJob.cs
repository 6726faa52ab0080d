using System.Text.Json;
using AiCd.Actors.Jobs;
using AiCd.Actors.Jobs.Stored;

namespace AiCd.Actors.Tests.Jobs.Properties;

/// <summary>A job that lives through random steps, and whose rules are checked at every one of them.</summary>
internal sealed class RandomJob
{
    // Submit; start and finish three stages; start, intend, do up to three effects, open; a raise, an approval and a completion between.
    private const int StepsToTheEnd = 16;

    private readonly List<JobEvent> _history = [];
    private readonly StepCommands _commands = new();
    private Job? _replayed;

    public Job? Job { get; private set; }

    public IReadOnlyList<JobEvent> History => _history;

    public HashSet<JobState> States { get; } = [];

    public int Refusals { get; private set; }

    public static RandomJob Live(IReadOnlyList<Step> steps)
    {
        var life = new RandomJob();
        foreach (var (index, step) in steps.Index())
        {
            life.Take(step, Do.T0.AddSeconds(index));
        }

        HistoryRules.Check(life.History, life.Job);
        return life;
    }

    /// <summary>From now on everything succeeds.</summary>
    public RandomJob LeaveInPeace()
    {
        for (var i = 0; i < StepsToTheEnd && Job is not { IsActive: false }; i++)
        {
            Take(new Step(StepKind.Proceed, AttemptChoice.Running, Variant: 7), Do.T0.AddDays(1).AddSeconds(i));
        }

        HistoryRules.Check(History, Job);
        return this;
    }

    public static string Json(Job? job) => job is null ? "null" : JsonSerializer.Serialize(job, JobJson.Default.Job);

    private void Take(Step step, DateTimeOffset at)
    {
        var command = _commands.Of(Job, step, at);
        var decision = JobDecider.Decide(Job, command);
        DecisionRules.Check(Job, command, decision);
        if (decision is not Decision.Accepted accepted)
        {
            Refusals++;
            return;
        }

        foreach (var e in accepted.Events)
        {
            var before = Job;
            Job = JobEvolver.Evolve(JobStory.Id, before, e);
            _history.Add(e);
            States.Add(Job.State);
            _replayed = JobEvolver.Evolve(JobStory.Id, _replayed, JobEventCodec.Decode(JobEventCodec.NameOf(e), JobEventCodec.Encode(e), e.At));
            StateRules.Check(before, Job, _history.Count);
        }

        Json(_replayed).ShouldBe(Json(Job));
    }
}
