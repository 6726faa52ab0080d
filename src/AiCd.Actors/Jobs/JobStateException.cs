namespace AiCd.Actors.Jobs;

/// <summary>An event does not fit the state that a job is in.</summary>
public sealed class JobStateException(JobState current, JobTransition transition)
    : InvalidOperationException(MessageFor(current, transition))
{
    public JobState Current { get; } = current;

    public JobTransition Transition { get; } = transition;

    public static string MessageFor(JobState current, JobTransition transition) =>
        $"Invalid event {WireNames.Of(transition)} for current state {WireNames.Of(current)}";
}
