using AiCd.Actors.Jobs;

namespace AiCd.Actors.Tests.Jobs;

/// <summary>A job that lives through commands: given some, when one more, then these events or that refusal.</summary>
internal sealed class JobStory
{
    public static readonly JobId Id = JobId.Create(Do.T0, shard: 3, random: 99);

    private readonly List<JobEvent> _history = [];
    private Job? _job;

    public Job Job => _job ?? throw new InvalidOperationException("Nothing was submitted");

    public IReadOnlyList<JobEvent> History => _history;

    public static JobStory Given(params ReadOnlySpan<JobCommand> commands)
    {
        var story = new JobStory();
        foreach (var command in commands)
        {
            story.When(command);
        }

        return story;
    }

    /// <returns>The events of the accepted command.</returns>
    public IReadOnlyList<JobEvent> When(JobCommand command)
    {
        var accepted = JobDecider.Decide(_job, command).ShouldBeOfType<Decision.Accepted>($"{command} was refused");
        foreach (var e in accepted.Events)
        {
            _job = JobEvolver.Evolve(Id, _job, e);
            _history.Add(e);
        }

        return accepted.Events;
    }

    public Refusal WhenRefused(JobCommand command) =>
        JobDecider.Decide(_job, command).ShouldBeOfType<Decision.Refused>($"{command} was accepted").Refusal;

    public static JobStory Queued() => Given(Do.Submit());

    /// <summary>Attempt <c>p1</c> is running.</summary>
    public static JobStory Planning(bool approval = false) => Given(Do.Submit(approval), Do.Start(Stage.Planning, "p1"));

    /// <summary>A plan waits for approval.</summary>
    public static JobStory Proposed() => Planning(approval: true).Then(Do.PlanDone("p1"));

    /// <summary>Attempt <c>c1</c> is running.</summary>
    public static JobStory Coding() => Planning().Then(Do.PlanDone("p1"), Do.Start(Stage.Coding, "c1"));

    /// <summary>Attempt <c>r1</c> is running.</summary>
    public static JobStory Reviewing() => Coding().Then(Do.CodeDone("c1"), Do.Start(Stage.Reviewing, "r1"));

    /// <summary>Attempt <c>o1</c> is running.</summary>
    public static JobStory PrOpen() => Reviewing().Then(Do.Approve("r1"), Do.Start(Stage.PrOpen, "o1"));

    public static JobStory Completed() => PrOpen().Then(Do.PullRequestOpened("o1"));

    public static JobStory Failed() => Coding().Then(Do.Fail("c1", retry: false));

    public static JobStory Cancelled() => Coding().Then(Do.Cancel());

    /// <summary>A job in the given state; where a stage is at work, with an attempt running.</summary>
    public static JobStory In(JobState state) => state switch
    {
        JobState.Queued => Queued(),
        JobState.Planning => Planning(),
        JobState.Coding => Coding(),
        JobState.Reviewing => Reviewing(),
        JobState.PrOpen => PrOpen(),
        JobState.Completed => Completed(),
        JobState.Failed => Failed(),
        JobState.Cancelled => Cancelled(),
        _ => throw new ArgumentOutOfRangeException(nameof(state)),
    };

    public JobStory Then(params ReadOnlySpan<JobCommand> commands)
    {
        foreach (var command in commands)
        {
            When(command);
        }

        return this;
    }
}
