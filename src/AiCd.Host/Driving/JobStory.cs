using AiCd.Actors.Jobs;
using AiCd.Actors.Runtime;

namespace AiCd.Host.Driving;

/// <summary>What is known of a job from the events seen so far.</summary>
internal sealed class JobStory(JobId id)
{
    private readonly List<JobState> _history = [];

    public JobId Id { get; } = id;

    /// <summary>Null before the first event.</summary>
    public Job? Job { get; private set; }

    /// <summary>The states without direct repeats.</summary>
    public IReadOnlyList<JobState> History => _history;

    public void Add(JobRecorded recorded)
    {
        Job = JobEvolver.Evolve(Id, Job, recorded.Event);
        if (_history.Count == 0 || _history[^1] != recorded.State)
        {
            _history.Add(recorded.State);
        }
    }
}
